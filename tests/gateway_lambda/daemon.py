# A store of its own with functions in it, and a daemon that serves them.
import json
import os
import shutil
import signal
import subprocess
import tempfile

BIN = os.environ.get('FW_BIN_DIR', '/usr/bin')


class Daemon:
    """`functions`: {name: (file name, source, options of --install)}."""

    def __init__(self, functions, words):
        self.folder = tempfile.mkdtemp(prefix='fwrun-daemon-')
        # The client's configuration is not to be this user's.
        self.environment = {'PATH': '/usr/bin:/bin', 'HOME': self.folder,
                            'FWRUN_HOME': os.path.join(self.folder, 'home'),
                            'LANG': 'C.UTF-8'}
        self.process = None
        try:
            for name, (file, source, options) in functions.items():
                self.install(name, file, source, options)
            self.start(words)
        except BaseException:
            self.close()
            raise

    def command(self, *words):
        done = subprocess.run([os.path.join(BIN, 'fwrun'), *words], env=self.environment,
                              capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(f'fwrun {words}: {done.stdout}\n{done.stderr}')
        return done.stdout

    def install(self, name, file, source, options=()):
        folder = os.path.join(self.folder, 'code', name)
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, file)
        with open(path, 'w') as out:
            out.write(source)
        return json.loads(self.command('--install', path, '--name', name, '--json', *options))

    def start(self, words):
        self.log = open(os.path.join(self.folder, 'log'), 'w+')
        self.process = subprocess.Popen([os.path.join(BIN, 'fwrun'), *words], env=self.environment,
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if 'http://' not in line:
            self.process.wait(20)
            raise RuntimeError(f'the daemon did not start: {line}{self.logged()}')
        self.address = line[line.index('http://'):].split()[0]

    def logged(self):
        self.log.flush()
        with open(self.log.name) as text:
            return text.read()

    def close(self):
        """Ends the daemon; its exit code."""
        code = None
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                code = self.process.wait(60)
            finally:
                self.process.kill()
                self.process.wait()
                self.process.stdout.close()
                self.log.close()
        shutil.rmtree(self.folder)
        return code
