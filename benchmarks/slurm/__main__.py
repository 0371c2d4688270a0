"""A real Slurm on one machine, and the same study through it twice while jobs are killed and the node is drained.

As root on Debian, after `apt-get install --no-install-recommends slurm-wlm munge`: python -m benchmarks.slurm -o FOLDER
"""

import argparse
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.sweep_kills import CASE

STUDY = """schema = "oxycell-study/1"
title = "50 small cases"
case = "case.toml"
axes = [{ key = "terminals.0.current", range = ["10 A", "100 A"], count = 10 },
        { key = "materials.m.thermal_conductivity", range = ["1 W/m/K", "9 W/m/K"], count = 5 }]
[slurm]
time = 10
mem = "1G"
cpus_per_task = 1
"""
CONFIGURATION = """ClusterName=proof
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=1000
AccountingStorageType=accounting_storage/none
ReturnToService=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory={memory}
PartitionName=debug Nodes={host} Default=YES MaxTime=60
"""


def command(*words, check=True):
    """Output of a command."""
    return subprocess.run(words, check=check, capture_output=True, text=True).stdout.strip()


def start_slurm(folder):
    """Write the configuration where children find it, start munge, controller and node; wait until the node is idle."""
    for name in ("state", "spool"):
        (folder / name).mkdir(parents=True)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 * 8 // 10
    text = CONFIGURATION.format(
        host=socket.gethostname().partition(".")[0], folder=folder, cores=os.cpu_count(), memory=memory
    )
    Path("/etc/slurm").mkdir(exist_ok=True)
    Path("/etc/slurm/slurm.conf").write_text(text, encoding="ascii")
    for place in ("/run/munge", "/var/log/munge", "/var/lib/munge", "/etc/munge"):
        Path(place).mkdir(exist_ok=True)
        command("chown", "-R", "munge:munge", place)
        os.chmod(place, 0o755 if place == "/run/munge" else 0o700)
    if not Path("/etc/munge/munge.key").exists():
        command("runuser", "-u", "munge", "--", "mungekey")
    command("runuser", "-u", "munge", "--", "munged", "--force", check=False)
    time.sleep(1.0)
    command("slurmctld")
    command("slurmd")
    wait(lambda: "idle" in command("sinfo", "-h", "-o", "%T", check=False), 60.0)
    print("node:", command("sinfo", "-h", "-o", "%N %c cores %m MB %T"), "-", command("slurmctld", "-V"), flush=True)


def wait(condition, seconds):
    """Wait for a condition, or fail."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit("waited too long")
        time.sleep(0.5)


def running():
    """Job numbers that run or wait."""
    return [line for line in command("squeue", "-h", "-r", "-o", "%i", check=False).split("\n") if line]


def trouble(kills, dice):
    """Kill running jobs, drain the node under way and take it back; numbers of the jobs killed."""
    killed = []
    for turn in range(kills):
        wait(lambda: command("squeue", "-h", "-r", "-t", "R", "-o", "%i", check=False), 120.0)
        jobs = command("squeue", "-h", "-r", "-t", "R", "-o", "%i", check=False).split()
        if jobs:
            killed.append(dice.choice(jobs))
            command("scancel", "--signal=KILL", "--full", killed[-1], check=False)
        if turn == kills // 2:
            node = command("sinfo", "-h", "-o", "%N")
            command("scontrol", "update", f"nodename={node}", "state=drain", "reason=proof")
            print("node drained:", command("sinfo", "-h", "-o", "%T"), flush=True)
            time.sleep(5.0)
            command("scontrol", "update", f"nodename={node}", "state=resume")
        time.sleep(1.0)
    return killed


def sweep(study, folder, *more):
    """The sweep's command."""
    return [sys.executable, "-m", "oxycell", "sweep", str(study), "-o", str(folder), "-q", *more]


def accounted(folder):
    """How often each state stands in the table, and how many reports there are."""
    lines = (folder / "table.csv").read_text(encoding="utf-8").splitlines()[1:]
    states = [line.split(",")[2] for line in lines]
    return {state: states.count(state) for state in dict.fromkeys(states)}, len(
        list((folder / "cases").glob("*/report.json"))
    )


def main():
    """Run it and print what came of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("-o", "--output", type=Path, required=True)
    place = options.parse_args().output.resolve()
    place.mkdir(parents=True)
    dice, study = random.Random(2), place / "study.toml"
    (place / "case.toml").write_text(CASE, encoding="utf-8")
    study.write_text(STUDY, encoding="utf-8")
    subprocess.run(sweep(study, place / "local"), check=True)
    print("local:", accounted(place / "local"), flush=True)
    start_slurm(place / "slurm-state")
    try:
        parent = subprocess.Popen(sweep(study, place / "slurm", "--executor", "slurm"))
        killed = trouble(6, dice)
        print(f"--executor slurm: jobs killed: {' '.join(killed)}", flush=True)
        parent.kill()
        parent.wait()
        print("parent killed; jobs that go on:", len(running()), flush=True)
        wait(lambda: not running(), 600.0)
        code = subprocess.run(sweep(study, place / "slurm", "--executor", "slurm")).returncode
        print(f"started again: exit {code};", accounted(place / "slurm"), flush=True)
        script = place / "array.sh"
        line = " ".join(sweep(study, place / "array", "--index", "$SLURM_ARRAY_TASK_ID"))
        script.write_text(f"#!/bin/bash\nexec {line}\n", encoding="ascii")
        command("sbatch", "--array=1-50", "--mem=1G", "--output", str(place / "array-%a.log"), str(script))
        killed = trouble(6, dice)
        print(f"--index: jobs killed: {' '.join(killed)}", flush=True)
        wait(lambda: not running(), 900.0)
        finished = len(list((place / "array" / "cases").glob("*/report.json")))
        code = subprocess.run(sweep(study, place / "array")).returncode
        print(
            f"array through with {finished} of 50 cases; the plain command: exit {code};",
            accounted(place / "array"),
            flush=True,
        )
    finally:
        for daemon in ("slurmd", "slurmctld", "munged"):
            command("pkill", "-x", daemon, check=False)
    same = {
        name: all(
            (place / "local" / table).read_bytes() == (place / name / table).read_bytes()
            for table in ("table.csv", "table.hdf")
        )
        for name in ("slurm", "array")
    }
    print("tables bitwise those of the local sweep:", same)
    shutil.rmtree(place / "slurm-state", ignore_errors=True)
    return 0 if all(same.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
