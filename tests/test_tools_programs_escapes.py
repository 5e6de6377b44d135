"""Programs that try to get out of the sandbox: none may; the same programs in a plain Python show that the test sees."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
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
import ssl, socket; socket.create_connection(('127.0.0.1', {port}))
import xmlrpc.client; xmlrpc.client.ServerProxy('http://127.0.0.1:{port}/').x()
import subprocess; subprocess.run(['sh', '-c', 'echo > /dev/tcp/127.0.0.1/{port} || touch {out}'])
""".strip().splitlines()

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
]


@dataclass
class Traps:
    """What an escaped program would touch, and whether it did."""

    folder: Path
    port: int
    udp: int
    hits: list[str] = field(default_factory=list)
    count: int = 0

    def fill(self, code: str) -> tuple[str, Path]:
        self.count += 1
        out = self.folder / f"out-{self.count}"
        spare = self.folder / f"spare-{self.count}"
        spare.write_text("spare")
        values = {"canary": self.folder / "secret.txt", "folder": self.folder, "out": out, "spare": spare}
        return code.format(**values, port=self.port, udp=self.udp, unix=self.folder / "unix.sock"), out


@pytest.fixture
def traps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Traps]:
    (tmp_path / "secret.txt").write_text(SECRET)
    monkeypatch.setenv("APP_SECRET", SECRET)
    tcp, unix = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_UNIX)
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    unix.bind(str(tmp_path / "unix.sock"))
    unix.listen()
    set_up = Traps(tmp_path, tcp.getsockname()[1], udp.getsockname()[1])
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

    threads = [threading.Thread(target=listen, args=pair) for pair in ((tcp, "tcp"), (udp, "udp"), (unix, "unix"))]
    for thread in threads:
        thread.start()
    yield set_up
    stop.set()
    for thread in threads:
        thread.join()
    for server in (tcp, udp, unix):
        server.close()


def seen(text: str) -> bool:
    return SECRET in text or "secret.txt" in text


def test_no_program_escapes(traps: Traps) -> None:
    assert len(READS) + len(MARKS) + len(WILD) >= 120
    escapes = []
    with Programs() as programs:
        for line in READS:
            code, _ = traps.fill(line)
            for form in (code, f"print({code})"):
                result = programs.run(form, seconds=1)
                # The error repeats the program's own line; what it read would stand in value or output.
                if seen(result.printed) or seen(str(result.value)) or SECRET in result.error_display:
                    escapes.append(line)
        for line in MARKS:
            code, out = traps.fill(line)
            programs.run(code.replace("; ", "\n"), seconds=1)
            if out.exists() or out.is_symlink():
                escapes.append(line)
        for code in WILD:
            result = programs.run(code.replace("{canary}", str(traps.folder / "secret.txt")), seconds=0.2)
            if seen(str(result.value)) or seen(result.printed) or result.value == 666:
                escapes.append(code)
        assert programs.run("1 + 1").value == 2
    assert escapes == []
    assert traps.hits == []


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

    def marks(line: str) -> bool:
        code, out = traps.fill(line)
        before = len(traps.hits)
        run(code.replace("; ", "\n"))
        return out.exists() or out.is_symlink() or len(traps.hits) > before

    with ThreadPoolExecutor(4) as pool:
        escaped += sum(pool.map(marks, MARKS[::2]))
    assert escaped > 60
    assert traps.hits
