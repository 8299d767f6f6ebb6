def wait():
    while True:
        pass


wait()
