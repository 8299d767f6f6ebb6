# Handlers of signals, set at import; and timers that send one.
import faulthandler
import os
import signal
import threading

faulthandler.enable()
got = []
signal.signal(signal.SIGUSR1, lambda number, frame: got.append(signal.Signals(number).name))
signal.signal(signal.SIGALRM, lambda number, frame: got.append('SIGALRM'))
signal.signal(signal.SIGUSR2, signal.SIG_IGN)
blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
warmup = [{}]


def handler(event, context):
    got.clear()
    os.kill(os.getpid(), signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGUSR2)
    signal.raise_signal(signal.SIGUSR1)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    while 'SIGALRM' not in got:
        signal.pause()
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)
    os.kill(os.getpid(), signal.SIGHUP)
    pending = [one.name for one in signal.sigpending()]
    signal.sigtimedwait([signal.SIGHUP], 0)
    return {'usr1': got.count('SIGUSR1'), 'alarm': 'SIGALRM' in got,
            'ignored': signal.getsignal(signal.SIGUSR2) == signal.SIG_IGN,
            'interrupt': signal.getsignal(signal.SIGINT) is signal.default_int_handler,
            'blocked': sorted(one.name for one in signal.pthread_sigmask(signal.SIG_BLOCK, [])),
            'pending': pending, 'faulthandler': faulthandler.is_enabled()}
