"""Pay: plans in versions, who is under them, the runs of a period and its statements.

A version published, and a statement of a published run, are never written again: the
database's rows only gain dates and answers beside them.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jalon.records.objectives import Objective, amount


class PayPlan(models.Model):
    """One version of a plan: its text, from when it is in force, who published it."""

    plan = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    text = models.TextField()
    first = models.DateField()
    after = models.DateField(null=True)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    notice = models.TextField(blank=True)
    published_by = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        """A version has one number in its plan."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "number"], name="pay_plan_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan} v{self.number}"


class PayTerm(models.Model):
    """Somebody's target pay and rate under a plan, from a day until before another."""

    plan = models.CharField(max_length=60)
    person_id = models.CharField(max_length=200)
    first = models.DateField()
    after = models.DateField(null=True)
    variable = amount(null=True)
    rate = amount(null=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        """Somebody has one target pay from a day on."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "person_id", "first"], name="pay_term_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} under {self.plan} from {self.first}"


class PayReceipt(models.Model):
    """Somebody has read a published version."""

    version = models.ForeignKey(
        PayPlan, on_delete=models.CASCADE, related_name="receipts"
    )
    person_id = models.CharField(max_length=200)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        """A version is acknowledged once by somebody."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["version", "person_id"], name="pay_receipt_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} by {self.person_id}"


class PayAcceptance(models.Model):
    """The owner accepts a re-target for their pay; until then the former one counts."""

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="pay_acceptances"
    )
    rank = models.PositiveIntegerField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        """A re-target is accepted once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["objective", "rank"], name="pay_acceptance_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} #{self.rank}"


class PayRun(models.Model):
    """The pay of one closed period under one plan."""

    plan = models.CharField(max_length=60)
    version = models.ForeignKey(PayPlan, on_delete=models.PROTECT, related_name="runs")
    name = models.CharField(max_length=20)
    first = models.DateField()
    after = models.DateField()
    snapshot = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10)
    moves = models.JSONField(default=list)

    class Meta:
        """A period is run once under a plan."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["plan", "first", "after"], name="pay_run_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.name} {self.state}"


class PayStatement(models.Model):
    """What one person is paid for a period: lines, their arithmetic, their inputs."""

    run = models.ForeignKey(PayRun, on_delete=models.CASCADE, related_name="statements")
    person_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    team_id = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3)
    variable = amount(null=True)
    total = amount()
    inputs = models.JSONField(default=list)
    lines = models.JSONField(default=list)

    class Meta:
        """Somebody has one statement in a run; history reads by person."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["run", "person_id"], name="pay_statement_once"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person_id"], name="pay_statement_person")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.run_id}"


class PayReward(models.Model):
    """A reward other than money that a run proposes to whoever leads somebody."""

    run = models.ForeignKey(PayRun, on_delete=models.CASCADE, related_name="rewards")
    person_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=60)
    label = models.CharField(max_length=200)
    measure = models.CharField(max_length=100)
    reached = amount()
    minutes = models.PositiveIntegerField()
    within = models.BooleanField()
    given_by = models.CharField(max_length=200, blank=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        """A reward is proposed once for a period."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["run", "person_id", "key"], name="pay_reward_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"


class PayQuestion(models.Model):
    """A question on a line of a statement, its answer and the decision."""

    statement = models.ForeignKey(
        PayStatement, on_delete=models.CASCADE, related_name="questions"
    )
    line = models.PositiveIntegerField()
    text = models.TextField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    decision = models.CharField(max_length=10, blank=True)
    answer = models.TextField(blank=True)
    amount = amount(null=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)
    settled_in = models.ForeignKey(
        PayRun, null=True, on_delete=models.SET_NULL, related_name="settled"
    )

    class Meta:
        """Open questions are looked for."""

        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["decision"], name="pay_question_decision")
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} #{self.line}"
