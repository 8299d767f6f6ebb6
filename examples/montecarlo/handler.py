# A function that computes: the price of an Asian call option, by simulating the market.
# Plain Numba, as it runs under any python3; training compiles the kernel, and the image
# carries the machine code.
#
#   fwrun --install examples/montecarlo/handler.py
#   fwrun --invoke montecarlo --args '{"spot": 100, "strike": 105, "seed": 7}'
import math

import numpy as np
from numba import njit

RATE = 0.03  # of a year
MONTHS = 12


@njit
def simulate(spot, strike, volatility, paths, seed):
    """Mean and standard error of the discounted pay-off, over prices at each month's end."""
    np.random.seed(seed)
    drift = (RATE - 0.5 * volatility * volatility) / 12
    spread = volatility * math.sqrt(1 / 12)
    total = 0.0
    squares = 0.0
    for _ in range(paths):
        price = spot
        average = 0.0
        for _ in range(MONTHS):
            price *= math.exp(drift + spread * np.random.standard_normal())
            average += price / MONTHS
        gain = max(average - strike, 0.0)
        total += gain
        squares += gain * gain
    discount = math.exp(-RATE * MONTHS / 12)
    mean = total / paths
    error = math.sqrt(max(squares / paths - mean * mean, 0.0) / paths)
    return discount * mean, discount * error


def handler(event, context):
    price, error = simulate(float(event['spot']), float(event['strike']),
                            float(event.get('volatility', 0.2)), int(event.get('paths', 1200)),
                            int(event['seed']))
    return {'price': round(price, 4), 'standard_error': round(error, 4)}


warmup = [{'spot': 100, 'strike': 105, 'seed': 1},
          # As text, the way a query string brings it.
          {'spot': '42.5', 'strike': '40', 'volatility': '0.35', 'paths': '800', 'seed': '2'}]

if __name__ == '__main__':
    print(handler(warmup[0], None))
