"""The report: figures as one HTML page that needs nothing else."""
