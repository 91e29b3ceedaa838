"""What every app shares and that has no business noun: the search index and the mail queue's shape."""

from django.db import models


class SearchEntry(models.Model):
    """One findable thing. Owner and visibility stand here so that results are filtered before they are counted."""

    kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=500)
    detail = models.CharField(max_length=500, blank=True)
    address = models.CharField(max_length=300)
    words = models.TextField()
    rank = models.SmallIntegerField(default=0)
    owner_id = models.BigIntegerField(null=True)
    visibility = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="search_one_entry_per_thing")]
        indexes = [models.Index(fields=["kind"])]

    def __str__(self) -> str:
        return self.title
