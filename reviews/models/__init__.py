"""Columns, constraints and querysets; one noun a file."""

from reviews.models.clauses import Attachment, Clause, ClauseVersion, Lineage
from reviews.models.consultations import Consultation
from reviews.models.events import Event
from reviews.models.jobs import Delivery, Job
from reviews.models.people import ApiToken, BrowserSession, SignInLink, User
from reviews.models.positions import ConcernOverride, Position
from reviews.models.proposals import Change, PatchSet, Proposal, ProposalImage
from reviews.models.rate_counts import RateCount
from reviews.models.releases import Release, ReleaseFile
from reviews.models.renderings import Rendering, StoredPage
from reviews.models.revisions import Revision
from reviews.models.specs import AuthorityLevel, Invitation, Membership, Spec
from reviews.models.submissions import Passage, Submission, SubmissionContact
from reviews.models.threads import Comment, CommentVersion, Thread
from reviews.models.unsent_texts import UnsentText
from reviews.models.uploads import KeptImage, KeptUpload

__all__ = [
    "ApiToken",
    "Attachment",
    "AuthorityLevel",
    "BrowserSession",
    "Change",
    "Clause",
    "ClauseVersion",
    "Comment",
    "CommentVersion",
    "ConcernOverride",
    "Consultation",
    "Delivery",
    "Event",
    "Invitation",
    "Job",
    "KeptImage",
    "KeptUpload",
    "Lineage",
    "Membership",
    "Passage",
    "PatchSet",
    "Position",
    "Proposal",
    "ProposalImage",
    "RateCount",
    "Release",
    "ReleaseFile",
    "Rendering",
    "Revision",
    "SignInLink",
    "Spec",
    "StoredPage",
    "Submission",
    "SubmissionContact",
    "Thread",
    "UnsentText",
    "User",
]
