"""What every app shares and that has no business noun: the search index and the mail queue's shape."""

from datetime import datetime

from django.db import models


def believed_at(moment: datetime) -> models.Q:
    """Rows with the two recorded dates that Beffroi believed at a moment."""
    return models.Q(recorded_from__lte=moment) & (models.Q(recorded_to__isnull=True) | models.Q(recorded_to__gt=moment))


class SearchEntry(models.Model):
    """One findable thing. Owner and visibility stand here so that results are filtered before they are counted. The words
    have an index of each database's own, kept by triggers on SQLite: a migration that rebuilds this table makes them again
    (migration 0003)."""

    kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=500)
    detail = models.CharField(max_length=500, blank=True)
    address = models.CharField(max_length=300)
    key = models.CharField(max_length=500, db_index=True, default="")
    acronyms = models.CharField(max_length=300, blank=True)
    words = models.TextField()
    rank = models.SmallIntegerField(default=0)
    owner_id = models.BigIntegerField(null=True)
    visibility = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="search_one_entry_per_thing")]
        indexes = [models.Index(fields=["kind"])]

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word of the index and how many things have it: what a misspelt word is corrected to."""

    word = models.CharField(max_length=40, unique=True)
    count = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.word


class SearchVariant(models.Model):
    """The first letters of a word of the index, whole or with one letter less."""

    variant = models.CharField(max_length=8, db_index=True)
    word = models.ForeignKey(SearchWord, models.CASCADE, related_name="variants")

    def __str__(self) -> str:
        return self.variant


class CacheEntry(models.Model):
    """The table of Django's database cache (`CACHES`), which two server processes share: log-in throttling counts there."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "core_cache"

    def __str__(self) -> str:
        return self.cache_key


class Mail(models.Model):
    """A mail that waits to leave. Its text is erased once sent: it may carry a key that opens an account."""

    to = models.EmailField()
    reply_to = models.EmailField(blank=True, default="", db_default="")
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    queued_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["sent_at", "queued_at"])]

    def __str__(self) -> str:
        return self.subject


class Simulation(models.Model):
    """At most one row: this database was empty, and what it holds since then is invented."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    seed = models.BigIntegerField()
    operators = models.PositiveIntegerField()
    years = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="simulation_only_one")]

    def __str__(self) -> str:
        return f"{self.operators} × {self.years} ({self.seed})"


class ScheduledRun(models.Model):
    """When a job of the schedule last started."""

    name = models.CharField(max_length=80, primary_key=True)
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
