// Functions in Python find the state of their image in every invocation of a process that
// is reset, whatever the invocation before left behind.
#include "tests/v8host/resets.h"

using fw::test::HostOptions;
using fw::test::same_over_resets;
using nlohmann::json;

namespace {

struct OneFile : fw::test::OneFile {
  explicit OneFile(std::string_view source, const HostOptions& options = {})
      : fw::test::OneFile(source, options, "function.py") {}
};

}  // namespace

TEST_CASE("State of a module in Python is that of the image in every invocation") {
  const OneFile function(R"py(
import os

count = 0
seen = {}

def handler(event):
    global count
    count += 1
    seen[count] = [object() for _ in range(1000)]
    os.environ['LEFT'] = os.environ.get('LEFT', '') + 'x'
    return [count - len(seen), len(os.environ['LEFT']) - count]
)py");
  CHECK(same_over_resets(function.installed) == json{0, 0});
  const OneFile counter(R"py(
count = 0

def handler(event):
    global count
    count += 1
    return count
)py");
  CHECK(same_over_resets(counter.installed, "{}", 1000).is_number());
}

TEST_CASE("A heap that Python made grow, and what it imported, are those of the image again") {
  const OneFile function(R"py(
import gc
import sys

kept = []

def handler(event):
    found = [len(kept), 'decimal' in sys.modules]
    if event.get('real'):
        import decimal
        kept.extend({'k': k, 'text': f'text {k}'} for k in range(200_000))
        kept.append(bytearray(20 << 20))
        circle = []
        circle.append(circle)
        del circle
        gc.collect()
    return found
)py");
  CHECK(same_over_resets(function.installed, R"({"real": true})", 60) == json{0, false});
}

TEST_CASE("Arrays of numpy and functions of Numba are those of the image again") {
  const OneFile function(R"py(
import numba
import numpy

state = numpy.zeros(100_000)

@numba.njit
def work(values, x):
    values += x
    return values.sum()

def handler(event):
    return [float(work(state, event.get('x', 0))), float(numpy.linalg.norm(state[:4]))]
)py");
  CHECK(same_over_resets(function.installed, R"({"x": 1})") == json{100000.0, 2.0});
  // A type that was not compiled for yet is compiled for, and forgotten.
  CHECK(same_over_resets(function.installed, R"({"x": 0.5})", 8) == json{50000.0, 1.0});
}

TEST_CASE("Threads that an invocation in Python left running are gone in the next") {
  const OneFile function(R"py(
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

def handler(event):
    found = [len(os.listdir('/proc/self/task')), threading.active_count()]
    if event.get('real'):
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
        pool = ThreadPoolExecutor(3)
        list(pool.map(abs, range(10)))
        threading.Timer(0.001, time.sleep, (1000,)).start()
    return found
)py");
  CHECK(same_over_resets(function.installed, R"({"real": true})", 100) == json{1, 1});
}

TEST_CASE("Processes and files that an invocation in Python left are gone in the next") {
  const OneFile function(R"py(
import os
import subprocess

kept = []

def children():
    try:
        return os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return []

def handler(event):
    # Descriptors that are numbered higher are the engine's.
    descriptors = [int(name) for name in os.listdir('/proc/self/fd') if int(name) < 100]
    found = [children(), len(descriptors), os.getcwd(), len(kept)]
    if event.get('real'):
        kept.append(subprocess.Popen(['sleep', '1000'], stdin=subprocess.PIPE))
        kept.extend(open('/dev/null') for _ in range(10))
        os.chdir('/')
    return found
)py");
  const json found = same_over_resets(function.installed, R"({"real": true})", 60);
  CHECK(found.at(0) == json::array());
  CHECK(found.at(3) == 0);
}

TEST_CASE("Tasks that an invocation in Python left waiting are gone in the next") {
  const OneFile function(R"py(
import asyncio

late = 0
kept = []

async def linger():
    global late
    while True:
        late += 1
        await asyncio.sleep(0)

async def handler(event):
    found = [late, len(asyncio.all_tasks())]
    if event.get('real'):
        kept.append(asyncio.ensure_future(linger()))
        await asyncio.sleep(0.002)
    return found
)py");
  CHECK(same_over_resets(function.installed, R"({"real": true})") == json{0, 1});
}

TEST_CASE("An invocation in Python that failed leaves nothing behind either") {
  const OneFile function(R"py(
failures = 0

def handler(event):
    global failures
    if event.get('fail'):
        failures += 1
        raise KeyError('thrown')
    return failures
)py");
  (void)function.installed.report();
  fw::test::Clone clone(function.installed.image(),
                        FW_RESTORE_RESETTABLE | FW_RESTORE_CHECK_RESETS);
  const auto resets = fw::args::After::kResets;
  for (int i = 0; i < 100; ++i) {
    CHECK(clone.call(R"({"fail": true})", resets).outcome == fw::args::Outcome::kError);
    CHECK(clone.call("{no JSON", resets).outcome == fw::args::Outcome::kError);
    CHECK(clone.call("{}", resets).body == "0");
  }
  CHECK(clone.call("{}", fw::args::After::kEnds).body == "0");
  CHECK(clone.ends());
}

TEST_CASE("HTTP functions in Python are reset, too") {
  const OneFile function(R"py(
count = 0

def handler(request):
    global count
    count += 1
    return [count, request.get_data(as_text=True)]
)py",
                         fw::test::trained_with(R"([{"body": "x"}])"));
  const json answer = same_over_resets(function.installed, R"({"body": "y"})");
  CHECK(json::parse(answer.at("body").get<std::string>()).at(1) == "y");
}

TEST_CASE("Random numbers in Python are of each invocation alone") {
  const OneFile function(R"py(
import random
import secrets
import tempfile
import uuid

import numba
import numpy

generator = numpy.random.default_rng()

@numba.njit
def drawn():
    return numpy.random.random()

def handler(event):
    return {
        'random': random.random(), 'secret': secrets.token_hex(8), 'uuid4': str(uuid.uuid4()),
        'uuid1': str(uuid.uuid1()), 'numpy': numpy.random.random(),
        'generator': generator.random(), 'numba': drawn(),
        'name': next(tempfile._get_candidate_names()),
    }
)py");
  const auto drawn = fw::test::drawn_over_resets(function.installed);
  CHECK(drawn.size() == 8);
  for (const auto& [name, values] : drawn) {
    CAPTURE(name);
    CHECK(values.size() == fw::test::kResets);
  }
}
