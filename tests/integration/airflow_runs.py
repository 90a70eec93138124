"""Makes real Airflow runs and leaves what Airflow keeps of them.

Usage: airflow_runs.py OUT_FOLDER
Starts the scheduler (with Airflow 3 also the API server and the DAG processor) on SQLite in OUT_FOLDER/home, runs one
synthetic DAG, clears one of its tasks by hand, and leaves metadata.db, task_instance.csv, task_instance_history.csv
and logs/ in OUT_FOLDER. Prints the version of Airflow and "ran". Works with Airflow 2.10 and 3.
"""

import csv
import ctypes
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time

DAG_ID = "mulligan_synthetic"
RUN_ID = "manual__synthetic"
SECONDS = 135

DAG_FILE = '''
import datetime, os, signal
from airflow import DAG
try:
    from airflow.providers.standard.operators.python import PythonOperator
except ImportError:
    from airflow.operators.python import PythonOperator

def fail_twice(ti=None):
    if ti.try_number < 3:
        raise RuntimeError("connection reset by peer")

def price_of(order):
    raise ValueError("order %d has no price" % order)

def fail_for_good():
    price_of(13)

def take(part):
    if part == 2:
        raise KeyError("part 2 is missing")

def submit():
    print("Submitted application application_1700000000000_0042")

def wait_for_hand():
    if not os.path.exists(os.environ["MULLIGAN_MARKER"]):
        raise RuntimeError("a person has to mend this")

def be_killed():
    os.kill(os.getpid(), signal.SIGKILL)

with DAG("mulligan_synthetic", start_date=datetime.datetime(2024, 1, 1), schedule=None, catchup=False,
         tags=["team:payments"],
         default_args={"owner": "ana", "retries": 0, "retry_delay": datetime.timedelta(seconds=1)}):
    PythonOperator(task_id="flaky", python_callable=fail_twice, retries=3)
    PythonOperator(task_id="doomed", python_callable=fail_for_good)
    PythonOperator.partial(task_id="mapped", python_callable=take).expand(op_args=[[1], [2]])
    PythonOperator(task_id="spark", python_callable=submit)
    PythonOperator(task_id="cleared", python_callable=wait_for_hand)
    PythonOperator(task_id="killed", python_callable=be_killed)
'''

# What the button "Clear" of the web page calls.
CLEAR = """
from airflow.models.taskinstance import TaskInstance, clear_task_instances
from airflow.utils.session import create_session
with create_session() as session:
    clear_task_instances(session.query(TaskInstance).filter(TaskInstance.task_id == "cleared").all(), session)
"""


def end_with_this_script():
    """Has the kernel end a child whose parent was killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(out):
    home, port = os.path.join(out, "home"), free_port()
    return dict(
        os.environ,
        PATH=os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", ""),
        AIRFLOW_HOME=home,
        MULLIGAN_MARKER=os.path.join(out, "mended"),
        AIRFLOW__CORE__DAGS_FOLDER=os.path.join(home, "dags"),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION="False",
        AIRFLOW__CORE__EXECUTION_API_SERVER_URL=f"http://127.0.0.1:{port}/execution/",
        AIRFLOW__DATABASE__SQL_ALCHEMY_CONN="sqlite:///" + os.path.join(home, "airflow.db"),
        AIRFLOW__LOGGING__BASE_LOG_FOLDER=os.path.join(out, "logs"),
        AIRFLOW__API__PORT=str(port),
        AIRFLOW__API__HOST="127.0.0.1",
        AIRFLOW__API__WORKERS="1",
        AIRFLOW__API_AUTH__JWT_SECRET="synthetic-secret-of-a-test-run-0123456789",
        AIRFLOW__SCHEDULER__SCHEDULER_ZOMBIE_TASK_THRESHOLD="8",
        AIRFLOW__SCHEDULER__ZOMBIE_DETECTION_INTERVAL="2",
        AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME="0.2",
        AIRFLOW__SCHEDULER__PARSING_PROCESSES="1",
        AIRFLOW__SCHEDULER__LOCAL_TASK_JOB_HEARTBEAT_SEC="1",
        AIRFLOW__SCHEDULER__JOB_HEARTBEAT_SEC="1",
        AIRFLOW__CORE__PARALLELISM="2",
        AIRFLOW__USAGE_DATA_COLLECTION__ENABLED="False",
    )


class Airflow:
    """The processes of one installation, each in a session of its own so that it ends with its children."""

    def __init__(self, out, major):
        self.env = environment(out)
        self.database = os.path.join(self.env["AIRFLOW_HOME"], "airflow.db")
        self.processes = []
        self.log = open(os.path.join(out, "airflow.out"), "wb")
        self.services = [["scheduler"]] if major < 3 else [["api-server"], ["dag-processor"], ["scheduler"]]

    def command(self, *words):
        subprocess.run([sys.executable, *words], env=self.env, stdout=self.log,
                       stderr=subprocess.STDOUT, check=True)

    def start(self):
        for words in self.services:
            self.processes.append(subprocess.Popen([sys.executable, "-m", "airflow", *words], env=self.env,
                                                   stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True,
                                                   preexec_fn=end_with_this_script))

    def stop(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            for process in self.processes:
                try:
                    os.killpg(process.pid, number)
                except ProcessLookupError:
                    pass
            for process in self.processes:
                try:
                    process.wait(8)
                except subprocess.TimeoutExpired:
                    pass

    def query(self, sql):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=20) as connection:
            return connection.execute(sql).fetchall()

    def wait_until(self, what, deadline):
        while not what():
            if time.monotonic() > deadline or any(process.poll() is not None for process in self.processes):
                print(self.query("SELECT task_id, map_index, state, try_number FROM task_instance"))
                with open(self.log.name, errors="replace") as said:
                    sys.exit("Airflow did not get there; it said last:\n" + said.read()[-6000:])
            time.sleep(0.5)

    def all_ended(self):
        states = self.query("SELECT state FROM task_instance")
        return len(states) == 7 and all(state in ("success", "failed") for (state,) in states)


def dump(database, table, path):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection, open(path, "w", newline="") as file:
        rows = connection.execute(f"SELECT * FROM {table}")
        writer = csv.writer(file)
        writer.writerow([column[0] for column in rows.description])
        for row in rows:
            writer.writerow([r"\x" + field.hex() if isinstance(field, bytes) else field for field in row])


def main():
    out = os.path.abspath(sys.argv[1])
    from importlib.metadata import version

    airflow_version = version("apache-airflow")
    airflow = Airflow(out, int(airflow_version.split(".")[0]))
    os.makedirs(os.path.join(airflow.env["AIRFLOW_HOME"], "dags"))
    with open(os.path.join(airflow.env["AIRFLOW_HOME"], "dags", "synthetic.py"), "w") as file:
        file.write(DAG_FILE)
    deadline = time.monotonic() + SECONDS
    airflow.command("-m", "airflow", "db", "migrate")
    airflow.start()
    try:
        airflow.wait_until(lambda: airflow.query("SELECT 1 FROM serialized_dag"), deadline)
        airflow.command("-m", "airflow", "dags", "trigger", "--run-id", RUN_ID, DAG_ID)
        airflow.wait_until(airflow.all_ended, deadline)
        open(airflow.env["MULLIGAN_MARKER"], "w").close()
        airflow.command("-c", CLEAR)
        airflow.wait_until(lambda: airflow.query("SELECT 1 FROM task_instance WHERE task_id = 'cleared' AND "
                                                 "state = 'success'"), deadline)
    finally:
        airflow.stop()
    with sqlite3.connect(airflow.database) as connection, sqlite3.connect(os.path.join(out, "metadata.db")) as copy:
        connection.backup(copy)
    for table in ("task_instance", "task_instance_history"):
        dump(airflow.database, table, os.path.join(out, table + ".csv"))
    shutil.rmtree(airflow.env["AIRFLOW_HOME"])
    print("Airflow", airflow_version, "ran")


main()
