warmup = [{}]


def handler():
    return None
