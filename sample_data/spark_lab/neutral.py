"""Takes out of the logs what tells of the machine they were made on: folders, host and user names."""

from __future__ import annotations

import getpass
import json
import os
import platform
import re
import socket
import sys
from pathlib import Path

from runner import LAB, Lab


class Neutral:
    """Replaces the lab's folders, the host's and the user's name by neutral words."""

    def __init__(self, lab: Lab) -> None:
        """Reads what is to be replaced from the machine."""
        java = Path(os.environ.get("JAVA_HOME") or Path(os.popen("command -v java").read().strip()).resolve().parents[1])
        self.folders = [(lab.code, "/lab/code"), (lab.work, "/lab"), (lab.spark_home, "/opt/spark"),
                        (lab.python.parent.parent, "/opt/python"), (Path(sys.prefix), "/opt/python"),
                        (Path(sys.base_prefix), "/opt/python"),
                        (java, "/opt/java"), (LAB.parents[1], "/lab/checkout"), (Path.home(), "/home/lab"),
                        (Path("/tmp"), "/scratch")]
        user, host = re.escape(getpass.getuser()), re.escape(socket.gethostname())
        self.patterns = [
            (re.compile(rf"(?<![\w.-]){host}(?![\w-])".encode()), b"laboratory"),
            (re.compile(re.escape(platform.release()).encode()), b"6.1.0"),
            (re.compile(rf"((?:user\.name|\"User|SPARK_USER|user)\"?\s*[:=]\s*\"?|acls(?: groups)? to: |"
                        rf"permissions: (?:Set\()?|user: |owner=)({user})\b".encode()), rb"\1lab")]

    def __call__(self, content: bytes, run: Path) -> bytes:
        """The content of a log of the run whose folder is given, made neutral."""
        for folder, word in [(run, "/lab/run"), *self.folders]:
            if folder != Path("/"):
                content = content.replace(str(folder).encode(), word.encode())
        for pattern, word in self.patterns:
            content = pattern.sub(word, content)
        return content


ENVIRONMENT = b'{"Event":"SparkListenerEnvironmentUpdate"'


def shorter(event_log: bytes) -> bytes:
    """An event log without the class path and Hadoop's defaults: over half of its bytes, and the same in every run."""
    lines = event_log.split(b"\n")
    for index, line in enumerate(lines[:-1]):  # behind the last line end stands nothing, or a line cut short
        if line.startswith(ENVIRONMENT):
            event = json.loads(line)
            event |= {"Hadoop Properties": {}, "Classpath Entries": {}}
            lines[index] = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return b"\n".join(lines)
