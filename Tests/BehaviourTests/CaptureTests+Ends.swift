import Foundation
import TestSupport
import Testing

/// Devices, containers and readers that go away; files that are there already.
extension CaptureTests {
  /// An engine that says that container's process is the one in the file `pid`; python3's.
  static let docker = #"""
    cat >docker.py <<'PY'
    import json, socket
    s = socket.socket(socket.AF_UNIX); s.bind('docker.sock'); s.listen(8)
    print('up', flush=True)
    while True:
        c, _ = s.accept(); c.recv(65536)
        body = json.dumps({'State': {'Pid': int(open('pid').read() or 0)}})
        c.sendall(('HTTP/1.0 200 OK\r\n\r\n' + body).encode()); c.close()
    PY
    echo 0 >pid
    python3 docker.py >docker.out & docker=$!
    while ! grep -q up docker.out; do sleep 0.05; done
    export DOCKER_HOST=unix://$PWD/docker.sock
    until_said() { for i in $(seq 100); do grep -q "$1" live.err && return; sleep 0.05; done; }

    """#
}
