"""List the jobs that failed for good, and try them again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reviews.actions import jobs


class Command(BaseCommand):
    help = "Tries failed jobs again: all of them, or those whose keys are named. --list only shows them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("keys", nargs="*", metavar="key", help="the key of a failed job, as --list shows it")
        parser.add_argument("--list", action="store_true", help="show the failed jobs and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = {job.key: job for job in jobs.failed_jobs()}
        if options["list"]:
            for job in failed.values():
                self.stdout.write(f"{job.key}  failed {job.failed_at:%Y-%m-%d %H:%M}  {job.last_error}")
            self.stdout.write(f"{len(failed)} failed jobs.")
            return
        unknown = sorted(set(options["keys"]) - set(failed))
        if unknown:
            raise CommandError(f"These are no failed jobs: {', '.join(unknown)}. See --list.")
        chosen = [failed[key].pk for key in options["keys"]] if options["keys"] else None
        self.stdout.write(f"{jobs.retry(chosen, now=timezone.now())} jobs will be tried again.")
