#include "fwrun/options.h"

namespace fw::cli {

const char* const kHelp =
    R"(fwrun: JavaScript and Python functions that start in about a millisecond, compiled.

A function is installed once: loaded, trained until its code is optimised, and
its whole process written to an image. Every invocation restores that image.
Its language follows from its file: .js, .mjs, .cjs (Node 18) or .py (CPython
3.11 with Debian's numpy and Numba).

  fwrun --install FILE|DIR [options]   install a function, or a new version of it
      --name NAME          its name; otherwise that of the file or folder
      --handler HANDLER    the function: EXPORT of the file, or FILE.EXPORT of the
                           folder, as path/module.function; otherwise `handler`,
                           `lambda_handler` (Python) or `main`
      --signature http|event
                           what the handler takes: HTTP requests, as (req, res) or
                           (request), or events; otherwise as it looks
      --train FILE         JSON array of events to train with
      --env NAME=VALUE     environment variable (repeatable). Besides them the
                           function sees only PATH, HOME, LANG and TZ of now
      --memory MB          32 to 65536; 128 otherwise
      --timeout SECONDS    of each invocation, 0.001 to 900; 3 otherwise.
                           Training may take 20 times as long, at least 10 s
      --cache              also prepare the local cache on huge pages
      --require-jit        fail if a function annotated with @jit is not optimised
    of Python functions:
      --no-auto-jit        compile annotated functions only. Otherwise others are
                           compiled, too, where their results stay the same
      --jit-tolerance X    relative error of floats that counts as the same, 0 to
                           below 1; 0 otherwise

  fwrun --invoke NAME [options]        invoke it: by a daemon of FWRUN_HOME if one runs,
                                       else from its image
      --args JSON|@FILE|-  its event: JSON text, a file, or standard input;
                           {} otherwise
      --timing             print how long each phase took, and whether the code that
                           was compiled before the snapshot served
      --cache              restore from the local cache on huge pages (made if need be),
                           never by a daemon
      --no-daemon          from its image, whatever runs

  fwrun --serve ADDRESS [options]      serve all functions over HTTP: 127.0.0.1:8080;
                                       again for more addresses. Ends by SIGTERM,
                                       with what is under way answered
      --workers N          event loops, a core each; otherwise one for each core
      --max-running N      invocations under way at once; 4096 otherwise
      --max-body MB        of a request; 6 otherwise, 64 at most
      --low-memory MB      idle processes end when less is left; otherwise a
                           twentieth of the machine's, or of the daemon's cgroup
      --cache              images and libraries on huge pages
      --admin-token-file F installs and removals over HTTP, for who has the token in F
      --socket PATH        for this user's own commands; otherwise daemon.sock in
                           FWRUN_HOME. --invoke goes through it by itself
      --json-log           a line of JSON for each invocation on standard error
      --drain-ms N         patience at the end; 30000 otherwise
      --no-templates, --check-resets   to look for errors of fwrun itself
  fwrun --openwhisk NAME [--port P]    serve one function as an OpenWhisk action: /init,
                                       /run. NAME -: code comes with /init, and
      --kind nodejs|python is of this language

  fwrun --list                         functions that are installed
  fwrun --show NAME                    one of them, with the report of its install:
                                       what the compiler made of each function
  fwrun --configure NAME [options]     how a daemon serves it; shows that without options
      --reuse reset|never  after its answer a process is reset to the image and
                           serves the next invocation, or each has a fresh one
      --min-clones N       processes kept ready once it was called; 0 otherwise
      --max-clones N       processes alive at once; 256 otherwise
      --max-queue N        invocations that may wait for one; 1024 otherwise
      --idle-ms N          after which an unused process above the minimum ends;
                           60000 otherwise
  fwrun --verify NAME                  check every byte of its image
  fwrun --remove NAME                  remove it, all versions
  fwrun --bench NAME                   measure how long it takes to start, beside
                                       its plain runtime; fwrun-bench has more options
  fwrun --help, fwrun --version

  --json prints one JSON object on standard output, for every command; errors
  are {"error": {...}}.

Results go to standard output, everything else to standard error.

The function's files stay where they are and must not change their place: its
process may load more of them later. Its code as installed is in the image;
install again after a change. The version before the current one is kept.

Environment:
  FWRUN_HOME   where functions are kept; otherwise /var/lib/fwrun for root,
               $XDG_DATA_HOME/fwrun or ~/.local/share/fwrun for others

Exit codes:
   0  success
   1  the function failed: {errorType, errorMessage, trace} says how
   2  bad usage: options, arguments or files
   3  the function did not answer in time
   4  no such function
   5  the image is damaged or does not fit this machine: install again
   6  the install failed, and nothing was changed
  70  the system or fwrun itself failed
)";

}  // namespace fw::cli
