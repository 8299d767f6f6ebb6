def work():
    return 'worked'
