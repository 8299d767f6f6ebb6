# A connection that is open when the process is captured.
import socket

server = socket.create_server(('127.0.0.1', 0))
client = socket.create_connection(server.getsockname())
peer, _ = server.accept()
server.close()


def handler(event, context):
    return None
