NAME = 'at the root'
