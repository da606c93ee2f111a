"""Keep the text of each registration, so that a lost file can be written again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registration",
        sa.Column("experiment_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment_id"], ["experiment.id"], name=op.f("fk_registration_experiment")
        ),
        sa.PrimaryKeyConstraint("experiment_id", name=op.f("pk_registration")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("registration")
