# Importing Numba takes a seventh of a second and tens of megabytes, which a small
# function without need must not pay.

SMALLEST_SHARE = 0.05   # of the handler's time
SHORTEST_CALL_US = 20.0


# (whether, why not). `candidate_us` and `calls`: of all outermost calls of candidates
# in training; `longest_us`: of the candidate with the longest mean call; `handler_us`:
# of the handler's calls meanwhile, 0 when not known.
def worth_loading(loaded, candidate_us, calls, longest_us, handler_us):
    if calls == 0:
        return False, 'training never called it'
    if loaded:
        return True, ''
    if handler_us > 0 and candidate_us < SMALLEST_SHARE * handler_us:
        share = 100 * candidate_us / handler_us
        return False, (f'functions that could be compiled take {share:.1f} % of the handler\'s '
                       'time: not worth loading Numba')
    if longest_us < SHORTEST_CALL_US:
        return False, (f'a call takes {longest_us:.1f} us at most: not worth loading Numba')
    return True, ''
