"""get.py SOCKET N PATH...: asks for each path N times, one after the other, over a Unix socket."""
import http.client
import socket
import sys


class Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(sys.argv[1])


for path in sys.argv[3:]:
    for number in range(int(sys.argv[2])):
        connection = Connection("localhost")
        trace = f"00-{number + 1:032x}-{number + 1:016x}-01"
        connection.request("GET", path, headers={"traceparent": trace})
        connection.getresponse().read()
        connection.close()
