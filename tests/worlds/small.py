"""A small French B2B company, row by row, small enough to count on one's fingers.

Alice directs; Mona leads « Nouveaux clients » where Bob sells; Marc leads
« Fidélisation » where Charlie sells and must see nothing of Bob's. The day is
15 July 2025; money is in euros, some of it came in dollars.

Told inside: Dora moved on 1 April 2025 (her first quarter stays with the former team),
Emil left on 15 March 2025, two people are called Bob Durand, d17 is shared inside a
team and d20 across two, d09 and d16 belong to nobody, d25 closed before it began,
d28 closes after the day, o06 is a credit note, d01 closed on 29 February, Dune left and
came back, Lima joined and left within a quarter, the engagement survey of June had four
answers only.

Cells are separated by two spaces at least; `-` is an unknown.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal

from jalon.domain.facts.tables import PROVENANCE, TABLES, ColumnType

ON = datetime.date(2025, 7, 15)

_TEXT = {
    "teams": """
        team_id      name                parent_id  purpose
        commerce     Commerce            -          -
        prospection  Prospection         commerce   prospecting
        nouveaux     Nouveaux clients    commerce   new business
        fidelite     Fidélisation        commerce   retention
    """,
    "people": """
        person_id  name            email               role         manager_id  team_id      started_on  left_on     capacity
        alice      Alice Martin    alice@exemple.fr    director     -           commerce     2018-01-02  -           1
        mona       Mona Petit      mona@exemple.fr     manager      alice       nouveaux     2019-03-01  -           1
        marc       Marc Roux       marc@exemple.fr     manager      alice       fidelite     2019-03-01  -           1
        gus        Gus Lefort      gus@exemple.fr      manager      alice       prospection  2020-09-01  -           1
        bob        Bob Durand      bob@exemple.fr      salesperson  mona        nouveaux     2021-01-04  -           1
        charlie    Charlie Moreau  charlie@exemple.fr  salesperson  marc        fidelite     2021-06-01  -           1
        dora       Dora Simon      dora@exemple.fr     salesperson  marc        fidelite     2022-02-01  -           1
        emil       Emil Garnier    emil@exemple.fr     salesperson  mona        nouveaux     2022-02-01  2025-03-15  1
        fanny      Fanny Blanc     fanny@exemple.fr    prospector   gus         prospection  2023-05-02  -           1
        hugo       Hugo Caron      hugo@exemple.fr     salesperson  marc        fidelite     2020-01-06  -           0.5
        ines       Inès Faure      ines@exemple.fr     salesperson  mona        nouveaux     2025-05-05  -           1
        bob2       Bob Durand      bob2@exemple.fr     prospector   gus         prospection  2024-02-01  -           1
    """,
    "memberships": """
        person_id  team_id      first       after
        alice      commerce     2018-01-02  -
        mona       nouveaux     2019-03-01  -
        marc       fidelite     2019-03-01  -
        gus        prospection  2020-09-01  -
        bob        nouveaux     2021-01-04  -
        charlie    fidelite     2021-06-01  -
        dora       nouveaux     2022-02-01  2025-04-01
        dora       fidelite     2025-04-01  -
        emil       nouveaux     2022-02-01  2025-03-15
        fanny      prospection  2023-05-02  -
        ines       nouveaux     2025-05-05  -
        bob2       prospection  2024-02-01  -
    """,
    "absences": """
        person_id  first       after       kind
        bob        2025-02-17  2025-02-24  leave
        hugo       2025-06-02  2025-06-16  sick
    """,
    "accounts": """
        account_id  name         segment  sector     region         country  size  owner_id  channel   created_on
        acme        Acme SA      PME      industrie  Île-de-France  FR       80    bob       web       2023-12-01
        bolt        Bolt SARL    PME      services   Bretagne       FR       40    hugo      salon     2024-01-05
        coda        Coda         TPE      services   Bretagne       FR       8     dora      web       2024-01-10
        dune        Dune Inc     ETI      industrie  -              US       900   bob       partner   2024-01-20
        echo        Écho         PME      santé      Occitanie      FR       60    dora      web       2024-02-20
        faro        Faro         ETI      santé      Occitanie      FR       450   charlie   salon     2024-02-01
        gala        Gala         -        -          Île-de-France  FR       -     -         -         2024-08-20
        hera        Hera LLC     PME      services   -              US       120   dora      partner   2024-12-01
        iris        Iris         PME      industrie  Bretagne       FR       70    emil      web       2024-12-20
        juno        Juno         TPE      services   Occitanie      FR       5     -         web       2025-01-20
        kilo        Kilo         ETI      industrie  Île-de-France  FR       700   bob       salon     2025-01-10
        lima        Lima         PME      santé      Occitanie      FR       55    bob       web       2025-02-01
        mano        Mano         PME      services   Bretagne       FR       33    ines      web       2025-05-01
        nora        Nora         PME      industrie  Bretagne       FR       90    bob       salon     2025-03-20
        oslo        Oslo         TPE      services   Bretagne       FR       4     ines      web       2025-05-20
        papa        Papa         ETI      industrie  Île-de-France  FR       300   bob       web       2025-05-25
        tara        Tara         PME      services   Occitanie      FR       25    bob       web       2025-06-01
    """,
    "products": """
        product_id  name      line       offer    launched_on  list_price  cost
        base        Base      logiciel   base     2020-01-01   5000        1500
        plus        Plus      logiciel   premium  2022-01-01   9000        2500
        suite       Suite     logiciel   premium  2024-11-15   15000       4000
        conseil     Conseil   services   conseil  2019-01-01   1200        800
    """,
    "rates": """
        currency  on          rate
        USD       2024-01-01  0.9
        USD       2025-01-01  0.96
        USD       2025-04-01  0.92
    """,
    "deals": """
        deal_id  account_id  owner_id  name         kind     pipeline  stage        amount  currency  product_id  channel  created_on  qualified_on  expected_close_on  closed_on   outcome  lost_reason  competitor  forecast_category
        d01      acme        bob       Acme base    new      vente     Gagnée       10000   EUR       base        web      2024-01-10  2024-01-20    2024-03-15         2024-02-29  won      -            -           closed
        d02      bolt        dora      Bolt base    new      vente     Gagnée       8000    EUR       base        salon    2024-01-15  2024-01-30    2024-03-31         2024-03-10  won      -            -           closed
        d03      coda        emil      Coda base    new      vente     Perdue       5000    EUR       base        web      2024-01-20  -             2024-03-01         2024-02-20  lost     prix         Zeta        omitted
        d04      dune        bob       Dune plus    new      vente     Gagnée       12000   USD       plus        partner  2024-02-01  2024-02-10    2024-04-01         2024-03-20  won      -            Zeta        closed
        d05      acme        charlie   Acme plus    upsell   vente     Gagnée       4000    EUR       plus        -        2024-04-02  2024-04-05    2024-05-31         2024-05-15  won      -            -           closed
        d06      echo        dora      Écho plus    new      vente     Perdue       9000    EUR       plus        web      2024-03-01  2024-03-20    2024-06-15         2024-06-01  lost     délai        -           omitted
        d07      faro        emil      Faro plus    new      vente     Gagnée       20000   EUR       plus        salon    2024-02-15  2024-03-15    2024-06-30         2024-06-28  won      -            Yota        closed
        d08      bolt        hugo      Bolt suite   renewal  suivi     Gagnée       8000    EUR       base        -        2024-08-01  -             2024-09-30         2024-09-15  won      -            -           closed
        d09      gala        -         Gala base    new      vente     Gagnée       3000    EUR       base        web      2024-09-01  2024-09-10    2024-10-31         2024-10-05  won      -            -           closed
        d10      gala        bob       Gala plus    new      vente     Perdue       7000    EUR       plus        web      2024-10-15  2024-11-01    2024-12-31         2024-12-20  lost     prix         Zeta        omitted
        d11      coda        dora      Coda base 2  new      vente     Gagnée       6000    EUR       base        web      2024-09-20  2024-10-01    2024-12-15         2024-12-02  won      -            -           closed
        d12      acme        bob       Acme suite   upsell   vente     Gagnée       15000   EUR       suite       -        2024-12-01  2024-12-10    2025-01-31         2025-01-20  won      -            -           closed
        d13      hera        dora      Hera plus    new      vente     Gagnée       10000   USD       plus        partner  2024-12-15  2025-01-05    2025-02-28         2025-02-14  won      -            Zeta        closed
        d14      iris        emil      Iris base    new      vente     Gagnée       5000    EUR       base        web      2025-01-05  2025-01-15    2025-03-10         2025-03-05  won      -            -           closed
        d15      iris        bob       Iris suite   new      vente     Perdue       11000   EUR       suite       web      2025-01-10  2025-01-25    2025-04-15         2025-03-31  lost     prix         Zeta        omitted
        d16      juno        -         Juno base    new      vente     Gagnée       2500    EUR       base        web      2025-02-01  -             2025-03-31         2025-03-15  won      -            -           closed
        d17      kilo        bob       Kilo suite   new      vente     Gagnée       30000   EUR       suite       salon    2025-01-15  2025-02-01    2025-03-31         2025-03-28  won      -            Yota        closed
        d18      faro        charlie   Faro suite   renewal  suivi     Perdue       20000   EUR       plus        -        2025-01-02  -             2025-03-15         2025-02-28  lost     concurrent   Yota        omitted
        d19      bolt        dora      Bolt plus    upsell   vente     Gagnée       7000    EUR       plus        -        2025-03-01  2025-03-10    2025-04-30         2025-04-10  won      -            -           closed
        d20      lima        bob       Lima plus    new      vente     Gagnée       10000   EUR       plus        web      2025-02-10  2025-02-28    2025-05-31         2025-05-20  won      -            -           closed
        d21      mano        ines      Mano base    new      vente     Perdue       4000    EUR       base        web      2025-05-10  2025-05-20    2025-06-30         2025-06-20  lost     prix         -           omitted
        d22      nora        bob       Nora plus    new      vente     Gagnée       9000    EUR       plus        salon    2025-04-01  2025-04-20    2025-06-30         2025-06-30  won      -            Zeta        closed
        d23      acme        charlie   Acme États   upsell   vente     Gagnée       5000    USD       conseil     -        2025-05-01  2025-05-10    2025-06-30         2025-06-15  won      -            -           closed
        d24      coda        hugo      Coda suivi   renewal  suivi     Gagnée       6000    EUR       base        -        2025-05-01  -             2025-06-30         2025-06-10  won      -            -           closed
        d25      oslo        ines      Oslo         new      vente     Gagnée       1000    EUR       conseil     web      2025-06-20  -             2025-06-30         2025-06-10  won      -            -           closed
        d26      tara        bob       Tara base    new      vente     Gagnée       3300    EUR       base        web      2025-06-05  2025-06-15    2025-07-31         2025-07-08  won      -            -           closed
        d27      tara        dora      Tara plus    upsell   vente     Perdue       2200    EUR       plus        -        2025-06-10  -             2025-07-31         2025-07-10  lost     délai        -           omitted
        d28      juno        bob       Juno plus    upsell   vente     Gagnée       1700    EUR       plus        -        2025-07-01  -             2025-07-31         2025-07-20  won      -            -           closed
        d30      papa        bob       Papa suite   new      vente     Proposition  14000   EUR       suite       web      2025-06-01  2025-06-10    2025-07-25         -           open     -            Zeta        commit
        d31      kilo        dora      Kilo plus    upsell   vente     Négociation  20000   EUR       plus        -        2025-05-15  2025-06-01    2025-08-15         -           open     -            -           best case
        d32      nora        bob       Nora suite   upsell   vente     Qualifiée    6000    EUR       suite       -        2025-03-01  2025-03-20    2025-06-15         -           open     -            -           pipeline
        d33      acme        ines      Acme USA     upsell   vente     Piste        8000    USD       conseil     -        2025-06-25  -             2025-09-20         -           open     -            -           pipeline
        d34      papa        -         Papa option  new      vente     Piste        -       -         -           web      2025-06-20  -             -                  -           open     -            -           -
    """,
    "deal_shares": """
        deal_id  person_id  share
        d17      bob        0.6
        d17      dora       0.4
        d20      bob        0.7
        d20      charlie    0.3
    """,
    "stage_changes": """
        deal_id  at                stage        amount  owner_id  origin
        d12      2024-12-01 09:00  Piste        15000   bob       observed
        d12      2024-12-10 09:00  Qualifiée    15000   bob       observed
        d12      2025-01-06 09:00  Proposition  15000   bob       observed
        d12      2025-01-20 17:00  Gagnée       15000   bob       observed
        d13      2024-12-15 09:00  Piste        9000    dora      observed
        d13      2025-01-05 09:00  Proposition  10000   dora      observed
        d13      2025-02-14 12:00  Gagnée       10000   dora      observed
        d14      2025-01-05 09:00  Piste        5000    emil      observed
        d14      2025-01-15 09:00  Qualifiée    5000    emil      observed
        d14      2025-02-01 09:00  Proposition  5000    emil      observed
        d14      2025-02-10 09:00  Qualifiée    5000    emil      observed
        d14      2025-02-20 09:00  Proposition  5000    emil      observed
        d14      2025-03-05 16:00  Gagnée       5000    emil      observed
        d15      2025-01-10 09:00  Piste        11000   bob       observed
        d15      2025-01-25 09:00  Qualifiée    11000   bob       observed
        d15      2025-03-31 18:00  Perdue       11000   bob       observed
        d17      2025-01-15 09:00  Piste        25000   bob       observed
        d17      2025-02-01 09:00  Qualifiée    30000   bob       observed
        d17      2025-02-20 09:00  Proposition  30000   bob       observed
        d17      2025-03-10 09:00  Négociation  30000   bob       observed
        d17      2025-03-28 10:00  Gagnée       30000   bob       observed
        d18      2025-01-02 09:00  Piste        20000   charlie   observed
        d18      2025-02-28 10:00  Perdue       20000   charlie   observed
        d20      2025-02-10 09:00  Piste        10000   bob       observed
        d20      2025-02-28 09:00  Qualifiée    10000   bob       observed
        d20      2025-04-15 09:00  Négociation  10000   bob       inferred
        d20      2025-05-20 09:00  Gagnée       10000   bob       observed
        d30      2025-06-01 09:00  Piste        14000   bob       observed
        d30      2025-06-10 09:00  Qualifiée    14000   bob       observed
        d30      2025-07-01 09:00  Proposition  14000   bob       observed
        d31      2025-05-15 09:00  Piste        20000   dora      observed
        d31      2025-06-01 09:00  Qualifiée    20000   dora      observed
        d31      2025-06-20 09:00  Négociation  20000   dora      observed
        d32      2025-03-01 09:00  Piste        6000    bob       observed
        d32      2025-03-20 09:00  Qualifiée    6000    bob       observed
        d32      2025-04-20 09:00  Proposition  6000    bob       observed
        d32      2025-05-20 09:00  Qualifiée    6000    bob       observed
    """,
    "leads": """
        lead_id  account_id  owner_id  channel  segment  created_on  marketing_qualified_on  sales_qualified_on  converted_on  deal_id  lost_on
        l01      iris        fanny     web      PME      2024-12-20  2024-12-22              2024-12-28          2025-01-05    d14      -
        l02      kilo        fanny     salon    ETI      2025-01-08  2025-01-09              2025-01-12          2025-01-15    d17      -
        l03      juno        bob2      web      TPE      2025-01-18  2025-01-20              2025-01-31          2025-02-01    d16      -
        l04      lima        fanny     web      PME      2025-01-28  2025-02-01              2025-02-08          2025-02-10    d20      -
        l05      -           fanny     web      PME      2025-02-03  2025-02-10              -                   -             -        2025-03-01
        l06      -           bob2      web      TPE      2025-02-14  -                       -                   -             -        2025-02-20
        l07      nora        fanny     salon    PME      2025-03-10  2025-03-12              2025-04-01          2025-04-01    d22      -
        l08      -           bob2      partner  -        2025-03-30  -                       -                   -             -        -
        l09      mano        bob2      web      PME      2025-04-25  2025-05-02              2025-05-09          2025-05-10    d21      -
        l10      -           -         web      PME      2025-05-05  2025-05-06              -                   -             -        -
        l11      oslo        fanny     web      TPE      2025-05-20  -                       2025-06-18          2025-06-20    d25      -
        l12      papa        fanny     web      ETI      2025-05-26  2025-05-27              2025-05-30          2025-06-01    d30      -
        l13      -           bob2      salon    PME      2025-06-28  2025-07-03              2025-07-09          -             -        -
        l14      tara        bob2      web      PME      2025-06-01  2025-06-02              2025-06-03          2025-06-05    d26      -
    """,
    "activities": """
        activity_id  kind      person_id  account_id  lead_id  deal_id  done_at           held
        v01          call      fanny      kilo        l02      -        2025-01-09 10:00  yes
        v02          call      fanny      -           l05      -        2025-02-04 11:00  yes
        v03          call      bob2       -           l06      -        2025-02-15 09:30  no
        v04          call      bob2       juno        l03      -        2025-01-19 15:00  yes
        v05          email     bob2       juno        l03      -        2025-01-20 08:00  yes
        v06          meeting   bob        kilo        -        d17      2025-01-22 14:00  yes
        v07          meeting   bob        kilo        -        d17      2025-02-12 14:00  no
        v08          demo      bob        kilo        -        d17      2025-02-18 14:00  yes
        v09          proposal  bob        kilo        -        d17      2025-02-20 18:00  yes
        v10          call      bob        kilo        -        d17      2025-04-02 09:00  yes
        v11          meeting   dora       hera        -        d13      2025-01-08 16:00  yes
        v12          proposal  dora       hera        -        d13      2025-01-10 16:00  yes
        v13          meeting   emil       iris        -        d14      2025-01-20 16:00  yes
        v14          call      bob        iris        -        d15      2025-02-01 09:00  yes
        v15          meeting   bob        lima        -        d20      2025-03-05 09:00  yes
        v16          proposal  bob        lima        -        d20      2025-04-15 09:00  yes
        v17          meeting   charlie    acme        -        d23      2025-05-12 09:00  yes
        v18          call      fanny      papa        l12      -        2025-05-27 09:00  yes
        v19          call      fanny      papa        l12      -        2025-05-28 09:00  yes
        v20          meeting   ines       mano        -        d21      2025-05-22 09:00  yes
        v21          meeting   bob        papa        -        d30      2025-06-12 09:00  yes
        v22          meeting   bob        papa        -        d30      2025-07-22 09:00  no
        v23          call      bob2       tara        l14      -        2025-06-02 09:00  yes
        v24          call      hugo       coda        -        d24      2025-06-03 09:00  yes
        v25          proposal  bob        papa        -        d30      2025-07-01 09:00  yes
        v26          meeting   -          gala        -        -        2025-05-06 09:00  yes
    """,
    "order_lines": """
        order_id  line_id  account_id  person_id  deal_id  product_id  on          quantity  amount  cost   currency  channel  region
        o01       1        acme        bob        d01      base        2024-03-01  2         10000   3000   EUR       web      -
        o02       1        bolt        dora       d02      base        2024-03-15  1         5000    1500   EUR       salon    -
        o02       2        bolt        dora       d02      conseil     2024-03-15  2.5       3000    2000   EUR       salon    -
        o03       1        dune        bob        d04      plus        2024-04-02  1         12000   2500   USD       partner  -
        o04       1        faro        emil       d07      plus        2024-07-01  2         20000   5000   EUR       salon    -
        o05       1        acme        bob        d12      suite       2025-01-25  1         15000   4000   EUR       web      -
        o06       1        bolt        dora       d02      conseil     2025-02-10  -0.5      -600    -400   EUR       salon    -
        o07       1        hera        dora       d13      plus        2025-02-20  1         10000   2500   USD       partner  -
        o08       1        iris        emil       d14      base        2025-03-10  1         5000    1500   EUR       web      Normandie
        o09       1        juno        -          d16      base        2025-03-31  1         2500    -      EUR       web      -
        o10       1        kilo        bob        d17      suite       2025-04-01  2         30000   8000   EUR       salon    -
        o11       1        bolt        dora       d19      plus        2025-04-15  1         7000    2500   EUR       -        -
        o12       1        lima        bob        d20      plus        2025-05-25  1         10000   2500   EUR       web      -
        o13       1        acme        charlie    d23      conseil     2025-06-18  4         5000    3200   USD       -        -
        o14       1        coda        hugo       d24      base        2025-06-12  1         6000    1500   EUR       -        -
        o15       1        oslo        ines       d25      conseil     2025-06-30  1         1000    800    EUR       web      -
        o16       1        tara        bob        d26      base        2025-07-09  1         3300    1500   EUR       web      -
    """,
    "subscriptions": """
        subscription_id  account_id  person_id  product_id  first       after       mrr   currency  renewal_due_on  renewed
        s01              acme        bob        base        2024-01-01  2025-01-01  500   EUR       2025-01-01      yes
        s02              acme        charlie    suite       2025-01-01  -           700   EUR       2026-01-01      -
        s03              bolt        hugo       base        2024-03-01  2025-03-01  400   EUR       2025-03-01      yes
        s04              bolt        hugo       base        2025-03-01  -           300   EUR       2026-03-01      -
        s05              coda        hugo       base        2024-06-01  2025-02-01  250   EUR       2025-02-01      no
        s06              dune        charlie    plus        2024-02-01  2024-11-01  600   USD       2024-11-01      no
        s07              dune        charlie    plus        2025-03-15  -           600   USD       2026-03-15      -
        s08              faro        charlie    plus        2024-07-01  2025-07-01  1000  EUR       2025-07-01      no
        s09              gala        hugo       base        2024-10-10  -           150   EUR       2025-10-10      -
        s10              gala        hugo       conseil     2025-02-01  -           100   EUR       2026-02-01      -
        s11              kilo        charlie    suite       2025-04-01  -           800   EUR       2026-04-01      -
        s12              lima        charlie    base        2025-05-10  2025-06-10  200   EUR       2025-06-10      no
        s13              iris        hugo       base        2025-03-15  -           120   EUR       2025-06-20      yes
    """,
    "answers": """
        answer_id  survey      score  scale  comment                            lang  account_id  person_id  answered_at
        n01        nps         10     10     Très réactifs, merci               fr    acme        charlie    2025-01-15 10:00
        n02        nps         9      10     -                                  -     bolt        hugo       2025-02-11 10:00
        n03        nps         6      10     Délais trop longs                  fr    coda        hugo       2025-02-12 10:00
        n04        nps         8      10     -                                  -     faro        charlie    2025-03-31 23:30
        n05        nps         10     10     -                                  -     kilo        charlie    2025-04-10 10:00
        n06        nps         9      10     -                                  -     acme        charlie    2025-04-11 10:00
        n07        nps         3      10     La concurrence rassure davantage   fr    faro        charlie    2025-05-02 10:00
        n08        nps         7      10     -                                  -     gala        -          2025-06-30 10:00
        n09        nps         10     10     Great onboarding                   en    dune        charlie    2025-06-15 10:00
        c01        csat        5      5      -                                  -     acme        charlie    2025-04-02 10:00
        c02        csat        4      5      -                                  -     bolt        hugo       2025-04-20 10:00
        c03        csat        2      5      Réponse tardive                    fr    faro        charlie    2025-05-20 10:00
        c04        csat        3      5      -                                  -     gala        -          2025-06-02 10:00
        e01        engagement  8      10     -                                  -     -           bob        2025-03-10 09:00
        e02        engagement  6      10     -                                  -     -           dora       2025-03-10 09:10
        e03        engagement  7      10     -                                  -     -           charlie    2025-03-11 09:00
        e04        engagement  9      10     -                                  -     -           hugo       2025-03-11 09:30
        e05        engagement  5      10     Trop d'objectifs à la fois         fr    -           fanny      2025-03-12 09:00
        e06        engagement  7      10     -                                  -     -           bob2       2025-03-12 09:00
        e07        engagement  8      10     -                                  -     -           bob        2025-06-10 09:00
        e08        engagement  7      10     -                                  -     -           dora       2025-06-10 09:00
        e09        engagement  6      10     -                                  -     -           ines       2025-06-11 09:00
        e10        engagement  9      10     -                                  -     -           hugo       2025-06-11 09:00
    """,
    "tickets": """
        ticket_id  account_id  kind       opened_at         closed_at
        k01        acme        complaint  2025-01-30 08:00  2025-02-02 17:00
        k02        bolt        incident   2025-02-05 08:00  2025-02-05 12:00
        k03        faro        complaint  2025-04-20 08:00  2025-05-05 17:00
        k04        faro        complaint  2025-05-21 08:00  -
        k05        gala        question   2025-06-03 08:00  2025-06-03 09:00
        k06        kilo        complaint  2025-06-30 23:00  -
    """,
    "spend": """
        first       after       channel  segment  amount  currency  attributes
        2024-01-01  2024-04-01  salon    -        4000    EUR       -
        2025-01-01  2025-02-01  web      -        1500    EUR       -
        2025-02-01  2025-03-01  web      -        1500    EUR       -
        2025-03-01  2025-04-01  web      -        1200    EUR       -
        2025-01-01  2025-04-01  salon    ETI      6000    EUR       -
        2025-02-01  2025-03-01  partner  -        1000    USD       -
        2025-04-01  2025-05-01  web      -        1500    EUR       {"visits": "900"}
        2025-05-01  2025-06-01  web      PME      1800    EUR       {"visits": "1100"}
        2025-06-01  2025-07-01  web      -        1500    EUR       {"visits": "1200"}
        2025-04-01  2025-07-01  salon    -        2400    EUR       -
    """,
    "markets": """
        segment  sector     region  first       after       size     currency  reference
        -        industrie  -       2024-01-01  2025-01-01  2000000  EUR       Syndicat de la branche, édition 2024
        -        services   -       2024-01-01  2025-01-01  1000000  EUR       Syndicat de la branche, édition 2024
        -        santé      -       2024-01-01  2025-01-01  500000   EUR       Syndicat de la branche, édition 2024
        -        industrie  -       2025-01-01  2025-07-01  900000   EUR       Syndicat de la branche, semestre 2025
        -        services   -       2025-01-01  2025-07-01  600000   EUR       Syndicat de la branche, semestre 2025
    """,
    "crm_usage": """
        person_id  on          logins  updates
        bob        2025-06-02  3       4
        bob        2025-06-04  2       2
        charlie    2025-06-03  1       5
        dora       2025-06-02  1       2
        dora       2025-06-05  1       3
        hugo       2025-06-06  1       1
        fanny      2025-06-02  4       9
        bob2       2025-06-03  2       0
        ines       2025-06-04  2       5
        bob        2025-06-09  3       6
        charlie    2025-06-10  1       4
        fanny      2025-06-11  4       7
    """,
}


_READ: dict[ColumnType, Callable[[str], object]] = {
    ColumnType.DATE: datetime.date.fromisoformat,
    ColumnType.TIMESTAMP: datetime.datetime.fromisoformat,
    ColumnType.MONEY: Decimal,
    ColumnType.NUMBER: Decimal,
    ColumnType.COUNT: int,
    ColumnType.FLAG: {"yes": True, "no": False}.__getitem__,
}


def _cell(text: str, kind: ColumnType) -> object:
    return None if text == "-" else _READ.get(kind, str)(text)


def _read(table: str, text: str) -> list[dict[str, object]]:
    header, *lines = [
        re.split(r"\s{2,}", line.strip()) for line in text.strip().split("\n")
    ]
    kinds = {
        column.name: column.type for column in (*TABLES[table].columns, *PROVENANCE)
    }
    return [
        {
            name: _cell(cell, kinds[name])
            for name, cell in zip(header, line, strict=True)
        }
        for line in lines
    ]


ROWS: dict[str, list[dict[str, object]]] = {
    name: _read(name, text) for name, text in _TEXT.items()
}
