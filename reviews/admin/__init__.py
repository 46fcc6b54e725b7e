"""Windows on the rows for those who operate the site: to look through, not to reach through."""

from reviews.admin import documents, jobs, people, work

__all__ = ["documents", "jobs", "people", "work"]
