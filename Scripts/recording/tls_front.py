"""A TLS front for the proxy: takes TLS on one loopback port and passes the bytes on to another.

Usage: tls_front.py PORT TARGET_PORT CERTIFICATE PRIVATE_KEY

It writes no key log: what a capture of PORT holds stays shut, unless the client has written one.
"""

import asyncio
import ssl
import sys

CONNECTION_SECONDS = 60


async def pump(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


async def main():
    port, target, certificate, private_key = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private_key)

    async def connection(reader, writer):
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", int(target))
            both = asyncio.gather(
                pump(reader, inner_writer), pump(inner_reader, writer), return_exceptions=True
            )
            await asyncio.wait_for(both, CONNECTION_SECONDS)
        except (OSError, asyncio.TimeoutError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", int(port), ssl=context)
    async with server:
        await server.serve_forever()


asyncio.run(main())
