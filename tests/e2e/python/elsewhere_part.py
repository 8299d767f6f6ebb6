from fwrun import snapshot_here


def work(event):
    snapshot_here()
    return event
