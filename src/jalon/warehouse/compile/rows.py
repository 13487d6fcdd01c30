"""The rows of one table and what they reach: joins are added only when asked for."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from jalon.domain.facts.tables import TABLES, ColumnType
from jalon.domain.kpis.algebra import STAGE_ENTRIES, Source, Timing
from jalon.domain.kpis.expression import Binary, Call, Name, Node, Number
from jalon.domain.refusals import Refusal
from jalon.warehouse.compile.bindings import Bindings
from jalon.warehouse.compile.frames import levels
from jalon.warehouse.compile.links import (
    ACCOUNT,
    DEAL,
    PRODUCT,
    level_of,
    link,
    type_of,
)
from jalon.warehouse.compile.names import FRAME, MAIN, column, table_named, wide
from jalon.warehouse.compile.relations import holders, memberships, rates
from jalon.warehouse.compile.world import World

_JOINED = {
    "product": "products",
    "account": "accounts",
    "deal": "deals",
    "person": "people",
}
_FUNCTIONS = {"least": exp.Least, "greatest": exp.Greatest, "coalesce": exp.Coalesce}


class NotCarriedError(Refusal, ValueError):
    """A table does not carry a dimension or a column."""

    def __init__(self, name: str, table: str) -> None:
        super().__init__('"{name}" is not carried by {table}.', name=name, table=table)
        self.name = name
        self.table = table


class Rows:
    """A table under the alias `t`, and the joins its expressions needed so far."""

    def __init__(
        self, world: World, bindings: Bindings, source: Source, money: str = ""
    ) -> None:
        self.world = world
        self.bindings = bindings
        self.source = source
        self.table = source.table
        self.link = link(source.table)
        self.money = money or world.currency
        self.shared = False
        self.replaced: dict[str, exp.Expression] = {}
        self.held: set[str] = set()
        self._joins: dict[str, tuple[exp.Expression, exp.Expression, str]] = {}
        if source.each:
            on = exp.EQ(this=column(source.each, "deal_id"), expression=self.own_deal())
            self._joins[source.each] = (table_named(source.each, source.each), on, "")

    # -- what a row holds ------------------------------------------------------------

    def own_deal(self) -> exp.Column:
        """Return the deal the row is or belongs to."""
        return column(MAIN, "deal_id")

    def type_of(self, name: str) -> ColumnType | None:
        """Return the type of a column, own or dotted."""
        table, dot, plain = name.rpartition(".")
        if table == "attributes":
            return ColumnType.TEXT
        if not dot:
            return type_of(self.table, name)
        reached = _JOINED.get(table, table)
        return type_of(reached, plain) if reached in TABLES else None

    def value(self, name: str) -> exp.Expression:
        """Return a column; a timestamp gives its day, money its converted amount.

        Raises:
            NotCarriedError: If the row has no such column.
        """
        if name in self.held:
            return column(name, name)
        found = self.type_of(name)
        if found is None:
            raise NotCarriedError(name, self.table)
        if name in self.replaced:
            return self.replaced[name].copy()
        table, dot, plain = name.rpartition(".")
        if table == "attributes":
            return self.attribute(MAIN, plain)
        cell = column(self._reach(table) if dot else MAIN, plain)
        if found is ColumnType.TIMESTAMP:
            return exp.cast(cell, exp.DataType.Type.DATE)
        if found is ColumnType.MONEY and not dot:
            return self._converted(cell)
        return cell

    @staticmethod
    def attribute(alias: str, name: str) -> exp.Expression:
        """Return an attribute of the source, as text."""
        path = exp.JSONPath(
            expressions=[exp.JSONPathRoot(), exp.JSONPathKey(this=name)]
        )
        return exp.JSONExtractScalar(this=column(alias, "attributes"), expression=path)

    def measure(self, node: Node) -> exp.Expression:
        """Return the expression of a measure; dates subtract into days."""
        match node:
            case Number(value):
                return exp.Literal.number(str(value))
            case Name(name) if name.startswith("attributes."):
                number = exp.DataType.build("DECIMAL(18,6)")
                return exp.TryCast(this=self.value(name), to=number)
            case Name(name):
                return self.value(name)
            case Call(function, arguments):
                terms = [self.measure(argument) for argument in arguments]
                return _FUNCTIONS[function](this=terms[0], expressions=terms[1:])
            case Binary(operator, left, right):
                return self._binary(operator, left, right)
        raise AssertionError(node)

    def _binary(self, operator: str, left: Node, right: Node) -> exp.Expression:
        one, other = self.measure(left), self.measure(right)
        if operator == "-" and self.dated(left) and self.dated(right):
            return exp.DateDiff(this=one, expression=other, unit=exp.var("DAY"))
        if self.dated(left):
            if operator == "-":
                other = exp.Neg(this=other)
            shifted = exp.DateAdd(this=one, expression=other, unit=exp.var("DAY"))
            return exp.cast(shifted, exp.DataType.Type.DATE)
        made = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}[operator]
        return exp.Paren(this=made(this=one, expression=other))

    def dated(self, node: Node) -> bool:
        """Return whether a node is a date."""
        match node:
            case Name(name):
                return self.type_of(name) in {ColumnType.DATE, ColumnType.TIMESTAMP}
            case Binary(_, left, right):
                return self.dated(left) and not self.dated(right)
            case Call(_, arguments):
                return any(self.dated(argument) for argument in arguments)
        return False

    # -- when ------------------------------------------------------------------------

    def day(self) -> exp.Expression:
        """Return the day on which the row is seen: its date, or the frame's."""
        if self.source.timing is Timing.DATED:
            return self.measure(self.source.dates[0])
        name = "eve" if self.source.timing is Timing.COHORT else "point"
        return column(FRAME, name)

    # -- whose -----------------------------------------------------------------------

    def person(self) -> exp.Expression:
        """Return the person the row counts for."""
        if self.table in {"deals", STAGE_ENTRIES} and self.world.shared_deals:
            return self._holder()
        if self.link.person:
            return column(MAIN, self.link.person)
        if self.link.account:
            return column(self._reach("account"), "owner_id")
        raise NotCarriedError("person", self.table)

    def share(self) -> exp.Expression:
        """Return the share of the row that counts for its person."""
        share = column(self._holders(), "share")
        return exp.Coalesce(this=share, expressions=[wide(exp.Literal.number(1))])

    def team(self) -> exp.Expression:
        """Return the person's team on the day of the row."""
        home = column(self._people(), "team_id")
        if not self.world.moving_teams:
            return home
        if "member" not in self._joins:
            day = self.day()
            on = exp.and_(
                exp.EQ(this=column("member", "person_id"), expression=self.person()),
                exp.LTE(this=column("member", "first"), expression=day),
                exp.GT(this=column("member", "after"), expression=day.copy()),
            )
            self._joins["member"] = (memberships(), on, "LEFT")
        return exp.Coalesce(this=column("member", "team_id"), expressions=[home])

    def _team_at(self, level: int) -> exp.Expression:
        """Return the team at a level that the team of the day is or stands under."""
        team, alias = self.team(), f"level{level}"
        if alias not in self._joins:
            lists = levels(self.world.above(level), alias, self.bindings)
            on = exp.EQ(this=column(alias, "team_id"), expression=team)
            self._joins[alias] = (lists, on, "LEFT")
        return exp.Coalesce(this=column(alias, "above_id"), expressions=[team.copy()])

    def manager(self) -> exp.Expression:
        """Return the manager of the person the row counts for."""
        return column(self._people(), "manager_id")

    # -- dimensions ------------------------------------------------------------------

    def dimension(self, name: str) -> exp.Expression:
        """Return the key of a dimension.

        Raises:
            NotCarriedError: If neither the row nor what it reaches carries it.
        """
        people = {"person": self.person, "team": self.team, "manager": self.manager}
        if level := level_of(name):
            return self._team_at(level)
        if name in people:
            return people[name]()
        if name == "company":
            return exp.Literal.string("company")
        if name in ACCOUNT:
            return self._of_account(name)
        return self._of_product(name) if name in PRODUCT else self._other(name)

    def _of_account(self, name: str) -> exp.Expression:
        own = type_of(self.table, name) is not None
        if own and (not self.link.account or self.table == "accounts"):
            return column(MAIN, name)
        if not self.link.account:
            raise NotCarriedError(name, self.table)
        of_account = column(self._reach("account"), name)
        if not own:
            return of_account
        return exp.Coalesce(this=column(MAIN, name), expressions=[of_account])

    def _of_product(self, name: str) -> exp.Expression:
        if self.table == "products":
            return column(MAIN, "product_id" if name == "product" else name)
        if name != "product":
            return column(self._reach("product"), name)
        return self._product()

    def _product(self) -> exp.Expression:
        if self.link.product:
            return column(MAIN, self.link.product)
        if self.link.deal and self.table not in {"deals", STAGE_ENTRIES}:
            return column(self._reach("deal"), "product_id")
        raise NotCarriedError("product", self.table)

    def _other(self, name: str) -> exp.Expression:
        if name in {"account", "customer"} and self.link.account:
            return column(MAIN, self.link.account)
        if type_of(self.table, name) is not None:
            return self.value(name)
        if name in DEAL and self.link.deal:
            return column(self._reach("deal"), name)
        return self._attribute(name)

    def _attribute(self, name: str) -> exp.Expression:
        """Return an attribute of the row, else of its account, else of its person."""
        keys = self.world.attributes
        found = []
        if name in keys.get(self.table, ()):
            found.append(self.attribute(MAIN, name))
        if name in keys.get("accounts", ()) and self.link.account:
            found.append(self.attribute(self._reach("account"), name))
        if name in keys.get("people", ()) and self.link.person:
            found.append(self.attribute(self._people(), name))
        if not found:
            raise NotCarriedError(name, self.table)
        return found[0] if len(found) == 1 else _coalesced(found)

    # -- joins -----------------------------------------------------------------------

    def joins(self) -> Iterable[tuple[exp.Expression, exp.Expression, str]]:
        """Return the joins needed so far, in the order they were met."""
        return self._joins.values()

    def hold(self, name: str, relation: exp.Expression) -> None:
        """Join a number counted aside for each deal, under its own name."""
        on = exp.EQ(this=column(name, "deal_id"), expression=self.own_deal())
        self._joins[name] = (relation, on, "LEFT")
        self.held.add(name)

    def _reach(self, name: str) -> str:
        if name == self.source.each:
            return name
        if name == "person":
            return self._people()
        if name not in self._joins:
            keys = {"account": self.link.account, "deal": self.link.deal}
            if name == "product":
                near = self._product()
            elif keys.get(name):
                near = column(MAIN, keys[name])
            else:
                raise NotCarriedError(name, self.table)
            on = exp.EQ(this=near, expression=column(name, f"{name}_id"))
            self._joins[name] = (table_named(_JOINED[name], name), on, "LEFT")
        return name

    def _people(self) -> str:
        if self.table == "people":
            return MAIN
        if "person" not in self._joins:
            person = self.person()
            on = exp.EQ(this=column("person", "person_id"), expression=person)
            self._joins["person"] = (table_named("people", "person"), on, "LEFT")
        return "person"

    def _holders(self) -> str:
        self.shared = True
        if "holder" not in self._joins:
            on = exp.EQ(this=column("holder", "deal_id"), expression=self.own_deal())
            self._joins["holder"] = (holders(), on, "LEFT")
        return "holder"

    def _holder(self) -> exp.Expression:
        """Return who holds the deal: its owner, unless it is shared."""
        alone = exp.Is(this=column(self._holders(), "deal_id"), expression=exp.Null())
        owner = column(MAIN, self.link.person)
        return exp.Case().when(alone, owner).else_(column("holder", "person_id"))

    def _converted(self, cell: exp.Expression) -> exp.Expression:
        if not self.world.converts(self.table, self.money):
            return cell
        return exp.Mul(this=cell, expression=self.rate())

    def rate(self) -> exp.Expression:
        """Return the rate of the row's currency on its day; 1 in the answer's own."""
        own = exp.Coalesce(
            this=column(MAIN, "currency"),
            expressions=[self.bindings.bind(self.world.currency)],
        )
        if "rate" not in self._joins:
            day = self._money_day()
            on = exp.and_(
                exp.EQ(this=column("rate", "currency"), expression=own),
                exp.LTE(this=column("rate", "first"), expression=day),
                exp.GT(this=column("rate", "after"), expression=day.copy()),
            )
            self._joins["rate"] = (rates(), on, "LEFT")
        home = exp.EQ(this=own.copy(), expression=self.bindings.bind(self.money))
        one = exp.Literal.number(1)
        return wide(exp.Case().when(home, one).else_(column("rate", "rate")))

    def lacks_rate(self) -> exp.Expression | None:
        """Return whether a row's currency has no rate, or None if nothing converts."""
        if "rate" not in self._joins:
            return None
        own = exp.Coalesce(
            this=column(MAIN, "currency"),
            expressions=[self.bindings.bind(self.world.currency)],
        )
        return exp.and_(
            exp.NEQ(this=own, expression=self.bindings.bind(self.money)),
            exp.Is(this=column("rate", "rate"), expression=exp.Null()),
        )

    def _money_day(self) -> exp.Expression:
        """Return the day whose rate holds: the row's own, a range's first.

        So a subscription keeps its rate for life, and movements of recurring revenue
        add up to the change of the stock.
        """
        return self.measure(self.source.dates[0])


def _coalesced(terms: list[exp.Expression]) -> exp.Expression:
    return exp.Coalesce(this=terms[0], expressions=terms[1:])
