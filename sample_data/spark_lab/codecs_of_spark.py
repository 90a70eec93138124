"""Spark's own compression codecs, called in a JVM, so that a rewritten event log is byte for byte of Spark's format."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from runner import Lab


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
        self.file = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "part"
        return self

    def __exit__(self, *error: object) -> None:
        self.stack.close()

    def decode(self, content: bytes, codec: str) -> bytes:
        """The plain content; of one that breaks off, what can be read."""
        from py4j.protocol import Py4JJavaError
        self.file.write_bytes(content)
        parts: list[bytes] = []
        with contextlib.closing(self._codec(codec).compressedContinuousInputStream(
                self.gateway.jvm.java.io.FileInputStream(str(self.file)))) as stream:
            with contextlib.suppress(Py4JJavaError):
                while part := stream.readNBytes(8192):
                    parts.append(bytes(part))
        return b"".join(parts)

    def encode(self, content: bytes, codec: str) -> bytes:
        """The content as Spark's event log writer compresses it."""
        stream = self._codec(codec).compressedContinuousOutputStream(
            self.gateway.jvm.java.io.FileOutputStream(str(self.file)))
        stream.write(bytearray(content))
        stream.close()
        return self.file.read_bytes()

    def _codec(self, name: str) -> object:
        if name not in self.made:
            spark = self.gateway.jvm.org.apache.spark
            self.made[name] = spark.io.CompressionCodec.createCodec(spark.SparkConf(False), name)
        return self.made[name]
