from beffroi.interactions.models.about import About, AboutQuerySet, Detailed
from beffroi.interactions.models.campaigns import Campaign, ManagerAge, Target
from beffroi.interactions.models.crisis import CrisisCase, CrisisCell, CrisisMember, CrisisTreatment
from beffroi.interactions.models.events import Arrival, Event, Participation
from beffroi.interactions.models.letters import LetterSent, LetterSubscription
from beffroi.interactions.models.needs import Need, Referral, Reminder, Service
from beffroi.interactions.models.offers import Offer
from beffroi.interactions.models.pushes import Push
from beffroi.interactions.models.segments import Accounts, Segmentation, SegmentationRun
from beffroi.interactions.models.shares import ActivityCost, ActivityExclusion, ActivityShare
from beffroi.interactions.models.support import SchoolAction, Support, SupportResult, SupportStep
from beffroi.interactions.models.visits import Visit, VisitConsent, VisitNote, VisitReply, WorkArea

__all__ = [
    "About",
    "AboutQuerySet",
    "Accounts",
    "ActivityCost",
    "ActivityExclusion",
    "ActivityShare",
    "Arrival",
    "Campaign",
    "CrisisCase",
    "CrisisCell",
    "CrisisMember",
    "CrisisTreatment",
    "Detailed",
    "Event",
    "LetterSent",
    "LetterSubscription",
    "ManagerAge",
    "Need",
    "Offer",
    "Participation",
    "Push",
    "Referral",
    "Reminder",
    "SchoolAction",
    "Segmentation",
    "SegmentationRun",
    "Service",
    "Support",
    "SupportResult",
    "SupportStep",
    "Target",
    "Visit",
    "VisitConsent",
    "VisitNote",
    "VisitReply",
    "WorkArea",
]
