# An HTTP function, as functions-framework has them.
#
#   fwrun --install examples/http_hello_python --train examples/http_hello_python/train.json
#   curl 'http://127.0.0.1:8080/http/http_hello_python/greet?name=Ada'
import functions_framework


@functions_framework.http
def hello(request):
    if request.path == '/greet':
        return f'Hello, {request.args.get("name", "world")}!\n'
    if request.path == '/add' and request.method == 'POST':
        return {'sum': sum(request.get_json()['numbers'])}
    return {'error': f'nothing is at {request.path}'}, 404
