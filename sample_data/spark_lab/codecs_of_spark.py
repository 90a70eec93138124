"""Spark's own compression codecs, called in a JVM, so that a rewritten event log is byte for byte of Spark's format."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from runner import Lab

ZSTD_LEVEL = "19"
"""Packed logs are written once and fetched with every clone; Spark's own default, 1, makes them a third larger."""

class SparkCodecs:
    """Decodes and encodes event logs with the codecs of the lab's Spark; a context manager that holds the JVM."""

    def __init__(self, lab: Lab) -> None:
        """Nothing is started before it is entered."""
        self.lab = lab
        self.stack = contextlib.ExitStack()
        self.made: dict[str, object] = {}

    def __enter__(self) -> SparkCodecs:
        from pyspark.java_gateway import launch_gateway
        os.environ.update(SPARK_HOME=str(self.lab.spark_home), SPARK_LOCAL_IP="127.0.0.1")
        self.gateway = launch_gateway()
        self.stack.callback(self.gateway.proc.stdin.close)
        self.stack.callback(self.gateway.shutdown)
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        file = self.gateway.jvm.java.nio.file
        # What is packed passes through files: through the socket between Python and the JVM it takes seconds.
        self.file, self.plain = folder / "packed", file.Path.of(str(folder / "plain"), self.gateway.new_array(
            self.gateway.jvm.java.lang.String, 0))
        self.replacing = self.gateway.new_array(file.CopyOption, 1)
        self.replacing[0] = file.StandardCopyOption.REPLACE_EXISTING
        return self

    def __exit__(self, *error: object) -> None:
        self.stack.close()

    def decode(self, content: bytes, codec: str, *, unfinished: bool) -> bytes:
        """The plain content; of an unfinished one, what can be read."""
        from py4j.protocol import Py4JJavaError
        allowed = contextlib.suppress(Py4JJavaError) if unfinished else contextlib.nullcontext()
        java = self.gateway.jvm.java
        self.file.write_bytes(content)
        with contextlib.closing(self._codec(codec).compressedContinuousInputStream(
                java.io.FileInputStream(str(self.file)))) as stream, allowed:
            java.nio.file.Files.copy(stream, self.plain, self.replacing)
        return Path(str(self.plain)).read_bytes()

    def encode(self, content: bytes, codec: str) -> bytes:
        """The content as Spark's event log writer compresses it."""
        java = self.gateway.jvm.java
        Path(str(self.plain)).write_bytes(content)
        with contextlib.closing(self._codec(codec).compressedContinuousOutputStream(
                java.io.FileOutputStream(str(self.file)))) as stream:
            java.nio.file.Files.copy(self.plain, stream)
        return self.file.read_bytes()

    def _codec(self, name: str) -> object:
        if name not in self.made:
            spark = self.gateway.jvm.org.apache.spark
            conf = spark.SparkConf(False).set("spark.io.compression.zstd.level", ZSTD_LEVEL)
            self.made[name] = spark.io.CompressionCodec.createCodec(conf, name)
        return self.made[name]
