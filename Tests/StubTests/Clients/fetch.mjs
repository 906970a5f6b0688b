// Bytebot's bare fetch of the models, without and with the key: fetch.mjs URL KEY
const [url, key] = process.argv.slice(2);
const bare = await fetch(`${url}/model/info`);
console.log(bare.status, (await bare.json()).error.message);
const right = await fetch(`${url}/model/info`, { headers: { Authorization: `Bearer ${key}` } });
console.log(right.status, (await right.json()).data[0].model_name);
