"""The only writers. Each locks, then reads, then checks, then writes, then records one event, in one transaction."""
