# Importing Numba takes a seventh of a second at the install, and makes an image of 8 MB
# one of 70 MB, whose restore takes about half a millisecond longer: a function without
# need must not pay that.

SMALLEST_SHARE = 0.05   # of the handler's time
SMALLEST_GAIN_US = 1000.0  # of a call of the handler


# (whether, why not). `candidate_us` and `calls`: of all outermost calls of candidates
# in training; `handler_us` and `handler_calls`: of the handler meanwhile, 0 when not known.
def worth_loading(loaded, candidate_us, calls, handler_us, handler_calls):
    if calls == 0:
        return False, 'training never called it'
    if loaded or handler_calls == 0:
        return True, ''
    if candidate_us < SMALLEST_SHARE * handler_us:
        share = 100 * candidate_us / handler_us
        return False, (f'functions that could be compiled take {share:.1f} % of the handler\'s '
                       'time: not worth loading Numba')
    each_us = candidate_us / handler_calls
    if each_us < SMALLEST_GAIN_US:
        return False, (f'a call of the handler spends {each_us:.0f} us in functions that could be '
                       'compiled: not worth loading Numba, which every restore would pay')
    return True, ''
