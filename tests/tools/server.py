"""A loopback server with known faults, for the tools of ./check.

/api/ok answers 200; /api/flaky answers 500 every fifth time; /api/slow takes 150 ms every tenth time;
/api/item answers 400 without ?id=; /api/wrapped answers 200 with {"status":0} every fourth time.
Prints its port, serves until its standard input ends.
"""
import http.server
import itertools
import json
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

calls = {name: itertools.count(1) for name in ("ok", "flaky", "slow", "item", "wrapped")}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        url = urlsplit(self.path)
        name = url.path.rpartition("/")[2]
        if name not in calls:
            return self.answer(404, {"status": 0})
        call = next(calls[name])
        if name == "flaky" and call % 5 == 0:
            return self.answer(500, {"status": 0})
        if name == "slow" and call % 10 == 0:
            time.sleep(0.15)
        if name == "item" and "id" not in parse_qs(url.query):
            return self.answer(400, {"status": 0})
        self.answer(200, {"status": 0 if name == "wrapped" and call % 4 == 0 else 1})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
