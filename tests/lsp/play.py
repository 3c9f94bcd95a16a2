#!/usr/bin/env python3
"""Plays transcripts of the Language Server Protocol against the real `culprit lsp`.

usage: play.py CULPRIT ROOT SCRATCH NAME...    plays NAME.transcript beside this file

A transcript is lines, each a step:
  start ARGUMENTS       starts the server, with the arguments as a shell would split them
  > JSON                sends a message
  >> TEXT               sends bytes as they are, with \\r, \\n and the like replaced, and nothing around them
  blanks N              sends so many
  deep N                sends a message whose parameters nest so deep
  < JSON                waits for a message that fits; others before it are passed over, but no answer
                        with the same id may differ
  ! JSON                no message that fits has come so far since the last `<`
  copy FROM TO          a file of the repository to SCRATCH/TO
  edit FILE FROM=>TO    replaces text in a file of SCRATCH
  write FILE TEXT       a file of SCRATCH, with \\n and the like replaced
  run CODE ARGUMENTS    runs culprit to its end, which is CODE
  git ARGUMENTS         runs git in SCRATCH
  within MS             the answer waited for next comes within so many milliseconds
  close                 closes the server's input
  exit CODE             waits for the server's end
  # comment
Steps may go on in lines that begin with blanks. In JSON, ${ROOT} and ${SCRATCH} are folders and
${text:FILE} is the content of a file. A message fits when it has all members of the JSON with values
that fit; lists have equal length unless the expected one ends with "..."; text that begins with ~ is
a regular expression to be found.
"""
import json, os, queue, re, shlex, shutil, subprocess, sys, threading, time

WAIT_S = 30


def fits(want, got):
    if isinstance(want, dict):
        return isinstance(got, dict) and all(k in got and fits(v, got[k]) for k, v in want.items())
    if isinstance(want, list):
        if not isinstance(got, list):
            return False
        if want and want[-1] == "...":
            want = want[:-1]
            got = got[:len(want)]
        return len(want) == len(got) and all(map(fits, want, got))
    if isinstance(want, str) and want.startswith("~"):
        return isinstance(got, str) and re.search(want[1:], got) is not None
    return want == got and isinstance(want, bool) == isinstance(got, bool)


class Session:
    def __init__(self, culprit, root, scratch):
        self.culprit, self.root, self.scratch = culprit, root, scratch
        self.process = None
        self.passed, self.within = [], None
        # What others parsed before should not make this quicker.
        self.environment = dict(os.environ, XDG_CACHE_HOME=os.path.join(scratch, "cache"))

    def fill(self, text):
        def content(match):
            with open(match[1].replace("${SCRATCH}", self.scratch).replace("${ROOT}", self.root)) as f:
                return json.dumps(f.read())[1:-1]
        text = re.sub(r"\$\{text:((?:\$\{\w+\})?[^}]*)\}", content, text)
        return text.replace("${ROOT}", self.root).replace("${SCRATCH}", self.scratch)

    def start(self, arguments):
        self.process = subprocess.Popen([self.culprit, "lsp", *shlex.split(self.fill(arguments))],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        cwd=self.scratch, env=self.environment)
        self.messages = queue.Queue()
        self.passed = []
        threading.Thread(target=self.read, args=(self.process, self.messages), daemon=True).start()

    @staticmethod
    def read(process, messages):
        while True:
            length = None
            while (line := process.stdout.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not line:
                messages.put(None)
                return
            messages.put(json.loads(process.stdout.read(length)))

    def send(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def expect(self, want):
        start = time.monotonic()
        while True:
            try:
                got = self.messages.get(timeout=WAIT_S)
            except queue.Empty:
                got = None
            if got is None:
                raise AssertionError("nothing fits; passed over:\n" + self.shown())
            if fits(want, got):
                took_ms = (time.monotonic() - start) * 1000
                if self.within is not None and took_ms > self.within:
                    raise AssertionError(f"took {took_ms:.0f} ms")
                self.passed, self.within = [], None
                return
            self.passed.append(got)
            if "method" not in got and "id" in want and got.get("id") == want["id"]:
                raise AssertionError("the answer differs:\n" + self.shown())

    def shown(self):
        return "\n".join("  " + json.dumps(m, ensure_ascii=False)[:3000] for m in self.passed[-5:])

    def step(self, verb, rest):
        if verb == "start":
            self.start(rest)
        elif verb == ">":
            message = json.loads(self.fill(rest))
            if isinstance(message, dict):
                message.setdefault("jsonrpc", "2.0")
            body = json.dumps(message).encode()
            self.send(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        elif verb == ">>":
            self.send(eval('b"""' + rest + '"""'))
        elif verb == "blanks":
            self.send(b" " * int(rest))
        elif verb == "deep":
            body = b'{"jsonrpc":"2.0","id":1,"method":"x","params":%s%s}' % (b"[" * int(rest), b"]" * int(rest))
            self.send(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        elif verb == "<":
            self.expect(json.loads(self.fill(rest)))
        elif verb == "!":
            for got in self.passed + list(self.messages.queue):
                if got is not None and fits(json.loads(self.fill(rest)), got):
                    raise AssertionError("came: " + json.dumps(got))
        elif verb == "copy":
            source, target = rest.split()
            target = os.path.join(self.scratch, target)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(os.path.join(self.root, source), target)
        elif verb == "edit":
            name, change = rest.split(None, 1)
            before, after = eval('"""' + change + '"""').split("=>")
            path = os.path.join(self.scratch, name)
            with open(path) as f:
                text = f.read()
            assert before in text, f"{name} does not hold it"
            with open(path, "w") as f:
                f.write(text.replace(before, after, 1))
        elif verb == "write":
            name, text = rest.split(None, 1)
            target = os.path.join(self.scratch, name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w") as f:
                f.write(eval('"""' + text + '"""'))
        elif verb == "run":
            code, _, arguments = rest.partition(" ")
            done = subprocess.run([self.culprit, *shlex.split(self.fill(arguments))], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.scratch,
                                  env=self.environment)
            assert done.returncode == int(code), f"exit code {done.returncode}: {done.stdout[-2000:]}"
        elif verb == "git":
            subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false",
                            *shlex.split(rest)], cwd=self.scratch, check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        elif verb == "within":
            self.within = float(rest)
        elif verb == "close":
            self.process.stdin.close()
        elif verb == "exit":
            code = self.process.wait(timeout=WAIT_S)
            assert code == int(rest), f"exit code {code}"
            self.process = None
        else:
            raise AssertionError(f"there is no step {verb}")

    def play(self, path):
        steps = []
        with open(path) as f:
            for number, line in enumerate(f, 1):
                if line.startswith((" ", "\t")) and steps:
                    steps[-1][1] += " " + line.strip()
                elif line.strip() and not line.startswith("#"):
                    steps.append([number, line.rstrip("\n")])
        for number, line in steps:
            verb, _, rest = line.partition(" ")
            try:
                self.step(verb, rest)
            except Exception as problem:
                print(f"{path}:{number}: {line[:300]}\n{type(problem).__name__}: {problem}")
                return False
            finally:
                if self.process and self.process.poll() not in (None, 0, 1):
                    print(f"{path}:{number}: the server ended with {self.process.returncode}")
        return True

    def end(self):
        if self.process:
            self.process.kill()


def main():
    culprit, root, scratch = map(os.path.abspath, sys.argv[1:4])
    here = os.path.dirname(os.path.abspath(__file__))
    transcripts = [os.path.join(here, name + ".transcript") for name in sys.argv[4:]]
    failed = 0
    for transcript in transcripts:
        place = os.path.join(scratch, os.path.basename(transcript))
        shutil.rmtree(place, ignore_errors=True)
        os.makedirs(place)
        session = Session(culprit, root, os.path.realpath(place))
        good = session.play(transcript)
        session.end()
        failed += not good
        print(("ok      " if good else "FAILED  ") + os.path.basename(transcript))
    print(f"{len(transcripts)} transcripts, {failed} failed")
    sys.exit(failed != 0 or not transcripts)


main()
