# OpenWhisk's shape: one parameter.
def main(params):
    return {'sum': params.get('a', 0) + params.get('b', 0)}
