"""The proof that sweeps hold on a real Slurm."""
