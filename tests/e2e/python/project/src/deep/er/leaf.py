LEAF = 'leaf in a package without __init__'
