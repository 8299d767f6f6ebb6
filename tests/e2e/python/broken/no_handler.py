# holds nothing that could be called by that name
other = 1


def work(event):
    return event
