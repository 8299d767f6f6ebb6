NAME = 'own rare one'
