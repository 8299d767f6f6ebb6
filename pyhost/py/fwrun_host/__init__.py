# The Python half of the host. Modules are named after their ideas; install.py is where
# to begin reading.
