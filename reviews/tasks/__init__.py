"""The Celery face: tasks that run job rows."""
