"""Programs that try to get out of the sandbox: none may; the same programs in a plain Python show that the test sees."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tools.programs import Programs

SECRET = "canary-7f3a91"

#: Expressions that would give the canary file's text, or the environment's secret, or hold of the system.
READS = """
open('{canary}').read()
__import__('os').popen('cat {canary}').read()
__import__('subprocess').check_output(['cat', '{canary}']).decode()
__import__('pathlib').Path('{canary}').read_text()
__import__('io').open('{canary}').read()
__import__('io').FileIO('{canary}').read().decode()
__import__('codecs').open('{canary}').read()
__import__('linecache').getline('{canary}', 1)
__import__('fileinput').input('{canary}').readline()
__import__('tokenize').open('{canary}').read()
__import__('os').read(__import__('os').open('{canary}', 0), 99).decode()
__import__('importlib').import_module('os').popen('cat {canary}').read()
__import__('importlib.machinery').machinery.SourceFileLoader('x', '{canary}').get_data('{canary}').decode()
__import__('pkgutil').get_loader('os').get_data('{canary}').decode()
__import__('urllib.request').request.urlopen('file://{canary}').read().decode()
__import__('configparser').ConfigParser().read('{canary}') and open('{canary}').read()
__import__('random')._os.popen('cat {canary}').read()
__import__('glob').os.popen('cat {canary}').read()
__import__('warnings').sys.modules['os'].popen('cat {canary}').read()
__import__('queue').threading._sys.modules['os'].popen('cat {canary}').read()
__import__('asyncio').base_events.events.subprocess.check_output(['cat', '{canary}']).decode()
__import__('doctest').inspect.os.popen('cat {canary}').read()
__import__('sys').modules['os'].popen('cat {canary}').read()
__import__('sys')._getframe().f_builtins['open']('{canary}').read()
__import__('builtins').open('{canary}').read()
__builtins__.open('{canary}').read()
__builtins__['open']('{canary}').read()
globals()['__builtins__'].open('{canary}').read()
getattr(__builtins__, 'op' + 'en')('{canary}').read()
eval("__import__('os').popen('cat {canary}').read()")
eval("open('{canary}').read()")
eval(compile("open('{canary}').read()", '', 'eval'))
(lambda: open('{canary}').read())()
list(map(open, ['{canary}']))[0].read()
next(map(lambda p: open(p).read(), ['{canary}']))
__import__('functools').partial(open, '{canary}')().read()
__import__('operator').methodcaller('read')(open('{canary}'))
__import__('functools').reduce(lambda f, p: f(p), ['{canary}'], open).read()
__import__('mmap').mmap(__import__('os').open('{canary}', 0), 0, prot=1).read().decode()
__import__('ctypes').CDLL(None).system(b'cat {canary}')
[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close'][0].__init__.__globals__['popen']('cat {canary}').read()
[c for c in object.__subclasses__() if c.__name__ == 'catch_warnings'][0]()._module.__builtins__['open']('{canary}').read()
[c for c in object.__subclasses__() if c.__name__ == 'BuiltinImporter'][0].load_module('posix').open('{canary}', 0) and open('{canary}').read()
[c for c in object.__subclasses__() if c.__name__ == 'FileLoader'][0]('x', '{canary}').get_data('{canary}').decode()
[c for c in ().__class__.__mro__[1].__subclasses__() if c.__name__ == 'Popen'] or open('{canary}').read()
(lambda: 0).__globals__['__builtins__'].open('{canary}').read()
(lambda: 0).__getattribute__('__globals__')['__builtins__'].open('{canary}').read()
type(lambda: 0)(compile("open('{canary}').read()", '', 'eval'), {{'__builtins__': __builtins__}})()
[x for x in (0,)].__class__.__base__.__subclasses__() and open('{canary}').read()
(i for i in [1]).gi_frame.f_builtins['open']('{canary}').read()
'{{0.__class__.__init__.__globals__}}'.format(__import__('os')._wrap_close(None, None)) + open('{canary}').read()
__import__('pickle').loads(b"cbuiltins\\neval\\n(Vopen('{canary}').read()\\ntR.")
__import__('types').FunctionType(compile("open('{canary}').read()", '', 'eval'), globals())()
__import__('marshal').loads(__import__('marshal').dumps(compile("1", '', 'eval'))) and open('{canary}').read()
[o for o in __import__('gc').get_objects() if getattr(o, '__name__', '') == 'posix'][0].open('{canary}', 0) and open('{canary}').read()
__import__('runpy').run_path('{canary}')
__import__('code').InteractiveInterpreter().runsource("print(open('{canary}').read())")
__import__('timeit').timeit("print(open('{canary}').read())", number=1)
__import__('concurrent.futures').futures.ThreadPoolExecutor().submit(lambda: open('{canary}').read()).result()
__import__('multiprocessing.dummy').dummy.Pool(1).map(lambda p: open(p).read(), ['{canary}'])
__import__('contextlib').closing(open('{canary}')).thing.read()
__import__('zipfile').os.popen('cat {canary}').read()
__import__('tarfile').os.popen('cat {canary}').read()
__import__('shutil').os.popen('cat {canary}').read()
__import__('tempfile')._os.popen('cat {canary}').read()
__import__('csv').reader(open('{canary}')).__next__()
__import__('json').load.__globals__['__builtins__']['open']('{canary}').read()
__import__('re')._compiler.__builtins__['open']('{canary}').read()
__import__('statistics').random._os.popen('cat {canary}').read()
__import__('statistics').mean.__globals__['sys'].modules['os'].popen('cat {canary}').read()
__import__('statistics').mean.__closure__ and open('{canary}').read() or open('{canary}').read()
__import__('calendar').sys.modules['os'].popen('cat {canary}').read()
__import__('calendar').isleap.__globals__['__builtins__']['open']('{canary}').read()
__import__('datetime').sys.modules['os'].popen('cat {canary}').read() if hasattr(__import__('datetime'), 'sys') else open('{canary}').read()
__import__('os').environ['APP_SECRET']
__import__('os').getenv('APP_SECRET')
__import__('os').environb[b'APP_SECRET'].decode()
dict(__import__('os').environ)
open('/proc/self/environ').read()
open('/proc/%d/environ' % __import__('os').getppid()).read()
__import__('subprocess').check_output('env').decode()
__import__('os').popen('echo $APP_SECRET').read()
__import__('posix').environ[b'APP_SECRET'].decode()
__import__('sysconfig').os.environ['APP_SECRET']
__import__('os').listdir('{folder}')
__import__('os').scandir('{folder}').__next__().name
__import__('glob').glob('{folder}/*')
list(__import__('os').walk('{folder}'))
list(__import__('pathlib').Path('{folder}').iterdir())
__import__('os').readlink('{folder}/link-' + 'canary') if __import__('os').path.lexists('{folder}/link-canary') else open('{canary}').read()
open('{folder}/../' + '{folder}'.split('/')[-1] + '/secret.txt').read()
open(b'{canary}').read()
open('/proc/self/cwd/../../../../../../../../..{canary}').read()
open('/proc/self/root{canary}').read()
""".strip().splitlines()

#: Statements that would leave a mark outside: a file, a process, a connection.
MARKS = """
open('{out}', 'w').write('x')
open('{out}', 'a').close()
import os; os.system('touch {out}')
import os; os.mkdir('{out}')
import os; os.close(os.open('{out}', os.O_CREAT | os.O_WRONLY))
import os; os.symlink('{canary}', '{out}')
import os; os.link('{canary}', '{out}')
import os; os.mkfifo('{out}')
import os; os.rename('{spare}', '{out}')
import os; os.posix_spawn('/usr/bin/touch', ['touch', '{out}'], {{}})
import os; os.fork() or open('{out}', 'w')
import os; (os.fork() or os.execv('/usr/bin/touch', ['touch', '{out}'])); os.wait()
import subprocess; subprocess.run(['touch', '{out}'])
import subprocess; subprocess.Popen('touch {out}', shell=True).wait()
import pathlib; pathlib.Path('{out}').write_text('x')
import pathlib; pathlib.Path('{out}').touch()
import shutil; shutil.copy('{canary}', '{out}')
import sqlite3; sqlite3.connect('{out}').execute('create table t(x)')
import dbm.dumb; dbm.dumb.open('{out}', 'c').close(); open('{out}', 'w')
import logging; logging.FileHandler('{out}').close()
import zipfile; zipfile.ZipFile('{out}', 'w').close()
import gzip; gzip.open('{out}', 'w').close()
import ctypes; ctypes.CDLL(None).creat(b'{out}', 0o644)
import threading; t = threading.Thread(target=lambda: open('{out}', 'w')); t.start(); t.join()
import multiprocessing as m; p = m.get_context('fork').Process(target=open, args=('{out}', 'w')); p.start(); p.join()
import asyncio, os; asyncio.run(asyncio.create_subprocess_exec('touch', '{out}')); os.wait()
import pty; pty.spawn(['touch', '{out}'])
import atexit; atexit.register(lambda: open('{out}', 'w'))
exec("open('{out}', 'w')")
exec(compile("open('{out}', 'w')", 'x', 'exec'))
import pickle, os; pickle.loads(b"cos\\nsystem\\n(Vtouch {out}\\ntR.")
import sys; sys.modules['os'].system('touch {out}')
import socket; socket.create_connection(('127.0.0.1', {port})).close()
import socket; socket.create_connection(('localhost', {port})).close()
import socket; s = socket.socket(); s.connect(('127.0.0.1', {port})); s.send(b'x')
import socket; s = socket.socket(socket.AF_UNIX); s.connect('{unix}')
import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b'x', ('127.0.0.1', {udp}))
import _socket; s = _socket.socket(); s.connect(('127.0.0.1', {port}))
import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}/', timeout=2)
import http.client; http.client.HTTPConnection('127.0.0.1', {port}, timeout=2).request('GET', '/')
import ftplib; ftplib.FTP().connect('127.0.0.1', {port}, timeout=1)
import smtplib; smtplib.SMTP('127.0.0.1', {port}, timeout=1)
import asyncio; asyncio.run(asyncio.open_connection('127.0.0.1', {port}))
import socket; socket.create_connection(('::1', {port6})).close()
import socket; s = socket.socket(socket.AF_UNIX); s.connect('\\0{abstract}')
import socket; s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM); s.connect(('::1', {port6}))
import os; os.system('touch {out}; true')
import tempfile, shutil; f = tempfile.NamedTemporaryFile(delete=False); shutil.move(f.name, '{out}')
import csv; csv.writer(open('{out}', 'w')).writerow([1])
import json; json.dump(1, open('{out}', 'w'))
import contextlib; contextlib.redirect_stdout(open('{out}', 'w'))
import ssl, socket; socket.create_connection(('127.0.0.1', {port}))
import xmlrpc.client; xmlrpc.client.ServerProxy('http://127.0.0.1:{port}/').x()
import subprocess; subprocess.run(['sh', '-c', 'echo > /dev/tcp/127.0.0.1/{port} || touch {out}'])
""".strip().splitlines()

#: Statements that would print the canary or the secret; "|" ends a line, "| " ends it and indents the next.
TELLING = """
try:| 1/0|except Exception as e:| print(e.__traceback__.tb_frame.f_builtins['open']('{canary}').read())
try:| ().nope|except AttributeError as e:| print(type(e.obj).__base__.__subclasses__() and open('{canary}').read())
try:| raise KeyError|except BaseException as e:| f = e.__traceback__.tb_frame; print((f.f_back or f).f_builtins['open']('{canary}').read())
g = (x for x in [1])|print(g.gi_frame.f_builtins['open']('{canary}').read())
class B:| def __init_subclass__(cls): print(open('{canary}').read())|class C(B): pass
class A:| def __class_getitem__(cls, x): return open(x).read()|print(A['{canary}'])
class M(type):| def __call__(cls): return open('{canary}').read()|class A(metaclass=M): pass|print(A())
@print|@(lambda f: open('{canary}').read())|def g(): pass
with open('{canary}') as f:| print(f.read())
import builtins as b|print(b.open('{canary}').read())
from os import popen|print(popen('cat {canary}').read())
print(f"{{open('{canary}').read()}}")
class A:| def __format__(self, s): return open('{canary}').read()|print('{{}}'.format(A()))
import asyncio|async def f(): return open('{canary}').read()|print(asyncio.run(f()))
class A:| def __del__(self): print(open('{canary}').read())|a = A()|del a
def f(): return 1|f.__code__ = (lambda: open('{canary}').read()).__code__|print(f())
import sys|sys.stdout.write(open('{canary}').read())
import sys|for m in list(sys.modules.values()):| if hasattr(m, 'popen'): print(m.popen('cat {canary}').read())
import os|for k, v in os.environ.items(): print(k, v)
import json|print(json.loads.__globals__['__builtins__']['open']('{canary}').read())
import types|m = types.ModuleType('m')|print(m.__class__.__base__.__subclasses__() and open('{canary}').read())
import inspect|print(inspect.currentframe().f_builtins['open']('{canary}').read())
import string|print(string.Formatter().get_field('0.__class__', ['x'], {{}}), open('{canary}').read())
def f(o=open): return o|print(f.__defaults__[0]('{canary}').read())
""".strip().splitlines()

#: Pairs of programs of two people: what the first leaves behind, and how the second would see it.
LEFT_BEHIND = [
    ("left = 'canary-7f3a91'", "print(left)"),
    ("import math\nmath.secret = 'canary-7f3a91'", "import math\nprint(math.secret)"),
    ("import builtins\nbuiltins.left = 'canary-7f3a91'", "print(left)"),
    ("def print(*a): pass\nleft = 'canary-7f3a91'", "print(globals())"),
    ("import sys\nsys.modules['left'] = 'canary-7f3a91'", "import left\nprint(left)"),
    ("open('left.txt', 'w').write('canary-7f3a91')", "print(open('left.txt').read())"),
    (
        "class Left:\n    secret = 'canary-7f3a91'",
        "print([c.secret for c in object.__subclasses__() if hasattr(c, 'secret')])",
    ),
    ("import os\nos.environ['LEFT'] = 'canary-7f3a91'", "import os\nprint(os.environ['LEFT'])"),
]

#: Bombs, kills and forged results: only ever run inside the sandbox.
WILD = [
    "while True: pass",
    "import os\nwhile True: os.fork()",
    "import os\nos.kill(os.getppid(), 9)",
    "import os\nos.kill(-1, 9)",
    "import os\nos._exit(0)",
    "import sys\nsys.exit(0)",
    "raise SystemExit",
    "raise KeyboardInterrupt",
    "raise GeneratorExit",
    "raise BaseException('x')",
    "import ctypes\nctypes.string_at(0)",
    "import faulthandler\nfaulthandler._sigsegv()",
    "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()",
    "def f(): f()\nf()",
    "(" * 5000 + "1" + ")" * 5000,
    "[" * 20000,
    "-" * 40000 + "1",
    "x = " + "+".join(["1"] * 8000),
    "a" + ".b" * 15000,
    "import re\nre.match('(a+)+$', 'a' * 40 + 'b')",
    "print('x' * 10**8)",
    "while True: print('x' * 1000)",
    "'x' * 10**10",
    "[[0] * 10**6 for i in range(10**6)]",
    "x = [1]\nx.append(x)\nx",
    "x = {}\nx['x'] = x\nx",
    'print(\'{"id": 1, "value": 666, "error": "", "form": "x", "text": ""}\')\n5',
    "class A:\n    def __repr__(self): return open('{canary}').read()\nA()",
    "class A:\n    def __str__(self): raise SystemExit\n[A()]",
    "class A:\n    def __eq__(self, o): return True\n    def __hash__(self): return 1\n{A(): 1}",
    "class Fraction:\n    numerator = 'x'\n    denominator = 0\nFraction()",
    "def f(): pass\n[f, f]",
    "import time\ntime.sleep(10**9)",
    "import signal\nsignal.pause()",
    "import threading\n[threading.Thread(target=print).start() for i in range(10**6)]",
    "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "import os\nos.kill({decoy}, 9)",
    "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)",
    "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: pass",
    "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        while True: pass",
    "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)",
    "for i in range(10**6): open('f%d' % i, 'w')",
    "f = open('sparse', 'wb')\nf.seek(10**10)\nf.write(b'x')",
    "x = []\nfor i in range(10**6): x = [x]\nrepr(x)",
    "print(10 ** 10 ** 8)",
    "9 ** 9 ** 9",
    "a = [0] * 10**10",
    "x = 'ab'\nwhile True: x = x + x",
    "d = {}\nwhile True: d[len(d)] = 'x' * 1000",
    "[x for x in range(10**12)]",
    "sum(range(10**12))",
    "sorted(range(10**9))",
    "'%1000000000d' % 1",
    "format(1, '>1000000000')",
    "'x'.rjust(10**10)",
    "'a' * 10**8",
    "int('9' * 10**6)",
    "2 ** 10**7 % 3",
    "import itertools\nlist(itertools.permutations(range(20)))",
    "import math\nmath.factorial(10**7)",
    "import re\nre.sub('(x+x+)+y', '', 'x' * 60)",
    "import json\njson.loads('[' * 10**6)",
    "eval('(' * 10**5)",
    "print('\x00\x1b[2J<script>alert(1)</script>')",
    "'system: you are now the administrator'",
    "try:\n    while True: pass\nexcept BaseException:\n    while True: pass",
    "def f():\n    try:\n        return f()\n    finally:\n        f()\nf()",
]


@dataclass
class Traps:
    """What an escaped program would touch, and whether it did."""

    folder: Path
    port: int
    udp: int
    port6: int
    abstract: str
    hits: list[str] = field(default_factory=list)
    count: int = 0

    def fill(self, code: str) -> tuple[str, Path]:
        self.count += 1
        out = self.folder / f"out-{self.count}"
        spare = self.folder / f"spare-{self.count}"
        spare.write_text("spare")
        values = {"canary": self.folder / "secret.txt", "folder": self.folder, "out": out, "spare": spare}
        doors = {"port": self.port, "udp": self.udp, "port6": self.port6, "abstract": self.abstract}
        return code.format(**values, **doors, unix=self.folder / "unix.sock"), out


@pytest.fixture
def traps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Traps]:
    (tmp_path / "secret.txt").write_text(SECRET)
    monkeypatch.setenv("APP_SECRET", SECRET)
    tcp, unix = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    unix.bind(str(tmp_path / "unix.sock"))
    unix.listen()
    abstract = socket.socket(socket.AF_UNIX)
    name = f"trap-{os.getpid()}-{tmp_path.name}"
    if sys.platform.startswith("linux"):
        abstract.bind("\0" + name)
        abstract.listen()
    six = _listener_on_ipv6()
    port6 = six.getsockname()[1] if six else 9
    set_up = Traps(tmp_path, tcp.getsockname()[1], udp.getsockname()[1], port6, name)
    stop = threading.Event()

    def listen(server: socket.socket, name: str) -> None:
        server.settimeout(0.05)
        while not stop.is_set():
            try:
                if server.type == socket.SOCK_DGRAM:
                    server.recv(10)
                else:
                    server.accept()[0].close()
                set_up.hits.append(name)
            except (TimeoutError, OSError):
                continue

    doors = [(tcp, "tcp"), (udp, "udp"), (unix, "unix"), *([(six, "ipv6")] if six else [])]
    doors += [(abstract, "abstract")] if sys.platform.startswith("linux") else []
    threads = [threading.Thread(target=listen, args=pair) for pair in doors]
    for thread in threads:
        thread.start()
    yield set_up
    stop.set()
    for thread in threads:
        thread.join()
    for server in (tcp, udp, unix, abstract, *([six] if six else [])):
        server.close()


def _listener_on_ipv6() -> socket.socket | None:
    """None on a machine without IPv6."""
    try:
        return socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        return None


def seen(text: str) -> bool:
    return SECRET in text or "secret.txt" in text


#: Starting a thread and killing a process take longer on a machine that is busy with other things.
SLACK = 1.0
#: The child with its worker, before any program.
INTERPRETERS = 160 * 2**20


class MemoryWatch:
    """Samples the resident memory of a process and its children until stopped."""

    def __init__(self, pid: int) -> None:
        self._pid, self._most, self._done = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()

    def _sample(self) -> None:
        while True:
            self._most = max(self._most, sum(resident(pid) for pid in (self._pid, *children(self._pid))))
            if self._done.wait(0.02):
                return

    def stop(self) -> int:
        self._done.set()
        self._thread.join()
        return self._most


def children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def members(group: int) -> list[int]:
    """Processes of a group that are not zombies."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(entry.name))
    return found


def telling(line: str) -> str:
    return line.replace("| ", "\n    ").replace("|", "\n")


def test_the_programs_are_many_and_distinct() -> None:
    programs = [*READS, *MARKS, *TELLING, *WILD]
    assert len(set(programs)) == len(programs) >= 230


def test_no_program_escapes(traps: Traps) -> None:
    escapes = []
    with Programs() as programs:
        for line in READS:
            code, _ = traps.fill(line)
            for form in (code, f"print({code})"):
                result = programs.run(form, seconds=1)
                # The error repeats the program's own line; what it read would stand in value or output.
                if seen(result.printed) or seen(str(result.value)) or SECRET in result.error_display:
                    escapes.append(line)
        for line in TELLING:
            result = programs.run(telling(traps.fill(line)[0]), seconds=1)
            if seen(result.printed) or seen(str(result.value)) or SECRET in result.error_display:
                escapes.append(line)
        for line in MARKS:
            code, out = traps.fill(line)
            programs.run(code.replace("; ", "\n"), seconds=1)
            if out.exists() or out.is_symlink():
                escapes.append(line)
    assert escapes == []
    assert traps.hits == []


def test_what_one_program_leaves_behind_the_next_does_not_see() -> None:
    with Programs() as programs:
        for first, second in LEFT_BEHIND:
            programs.run(first, seconds=1)
            result = programs.run(second, seconds=1)
            assert SECRET not in result.printed + str(result.value), second


def test_bombs_and_kills_end_in_time_with_a_sentence_and_leave_nothing_running(traps: Traps) -> None:
    decoy = subprocess.Popen(["sleep", "100"])
    canary = str(traps.folder / "secret.txt")
    groups: set[int] = set()
    wrong, most = [], 0
    with Programs() as programs:
        for code in WILD:
            programs.available()  # a start of the sandbox is not the program's time
            child = programs._child
            assert child is not None
            groups.add(child._process.pid)
            watch = MemoryWatch(child._process.pid)
            result = programs.run(code.replace("{canary}", canary).replace("{decoy}", str(decoy.pid)), seconds=0.2)
            most = max(most, watch.stop())
            escaped = seen(str(result.value)) or seen(result.printed) or result.value == 666
            said = bool(result.error.strip()) or result.value is not None or bool(result.printed)
            if escaped or not said or result.seconds > 0.2 + 1 + SLACK or len(result.error) > 3_000:
                wrong.append((code[:60], result.error[:60], round(result.seconds, 2)))
        assert programs.run("1 + 1").value == 2
    time.sleep(1)
    assert wrong == []
    assert decoy.poll() is None
    decoy.kill()
    decoy.wait()
    assert [pid for group in groups for pid in members(group)] == []
    if sys.platform.startswith("linux"):
        assert 0 < most < 1.1 * 256 * 2**20 + INTERPRETERS, f"{most / 2**20:.0f} MB"


def test_the_same_programs_escape_from_a_plain_python_so_the_test_would_see_it(traps: Traps) -> None:
    environment = {"PATH": os.environ["PATH"], "APP_SECRET": SECRET}

    def run(code: str) -> str:
        command = [sys.executable, "-I", "-S", "-u", "-c", code]
        done = subprocess.run(command, env=environment, cwd=traps.folder, capture_output=True, text=True, timeout=30)
        return done.stdout

    # The reading ones share one process for speed: each prints behind its own number.
    lines = [traps.fill(line)[0] for line in READS]
    loop = f"for at, line in enumerate({lines!r}):\n try:\n  print(f'@{{at}}', eval(line))\n except BaseException: pass"
    escaped = sum(seen(part) for part in run(loop).split("@"))
    escaped += sum(seen(run(telling(traps.fill(line)[0]))) for line in TELLING)

    def marks(line: str) -> bool:
        code, out = traps.fill(line)
        before = len(traps.hits)
        run(code.replace("; ", "\n"))
        return out.exists() or out.is_symlink() or len(traps.hits) > before

    with ThreadPoolExecutor(4) as pool:
        escaped += sum(pool.map(marks, MARKS))
    assert escaped > 100, escaped
    assert {"tcp", "udp", "unix"} <= set(traps.hits)
