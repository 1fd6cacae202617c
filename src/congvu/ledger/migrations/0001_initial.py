"""Initial tables."""

import congvu.base.handles
import congvu.ledger.models
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('entry', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('agency', models.CharField(max_length=26)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'ledger_disclosure',
            },
        ),
        migrations.CreateModel(
            name='Fence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'ledger_fence',
            },
        ),
        migrations.CreateModel(
            name='Ledger',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=26, unique=True)),
                ('slug', models.CharField(max_length=40, unique=True)),
                ('host', models.CharField(max_length=253)),
                ('zone', models.CharField(max_length=64)),
                ('demonstration', models.BooleanField(default=False)),
                ('sealed', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'db_table': 'ledger_ledger',
            },
        ),
        migrations.CreateModel(
            name='LogConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', models.CharField(max_length=26, unique=True)),
                ('origin', models.CharField(max_length=320)),
                ('sort', models.CharField(max_length=12)),
                ('proof', models.BinaryField()),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('told_by', models.CharField(max_length=260)),
                ('found_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'ledger_log_conflict',
            },
        ),
        migrations.CreateModel(
            name='Neighbor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(max_length=320, unique=True)),
                ('key', models.CharField(max_length=400)),
                ('url', models.CharField(blank=True, max_length=400)),
                ('added_at', models.DateTimeField()),
                ('distrusted_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'ledger_neighbor',
            },
        ),
        migrations.CreateModel(
            name='Chore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=26)),
                ('name', models.CharField(max_length=40)),
                ('tried_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('failure', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'db_table': 'ledger_chore',
                'constraints': [models.UniqueConstraint(fields=('agency', 'name'), name='ledger_chore_name')],
            },
        ),
        migrations.CreateModel(
            name='Disposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', congvu.base.handles.HandleField(default=congvu.base.handles.new, editable=False, max_length=26, unique=True)),
                ('agency', models.CharField(max_length=26)),
                ('kinds', models.JSONField(default=list)),
                ('begins_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('entries', models.JSONField(default=list)),
                ('basis', models.CharField(max_length=300)),
                ('reason', models.TextField()),
                ('proposed_by', models.CharField(max_length=26)),
                ('proposed_at', models.DateTimeField()),
                ('chosen', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('declined', 'declined'), ('approved', 'approved'), ('executing', 'executing'), ('executed', 'executed'), ('verified', 'verified')], default='proposed', max_length=9)),
                ('decided_by', models.CharField(blank=True, max_length=26)),
                ('decided_at', models.DateTimeField(null=True)),
                ('refusal', models.TextField(blank=True)),
                ('begun_by', models.CharField(blank=True, max_length=26)),
                ('begun_at', models.DateTimeField(null=True)),
                ('step', models.CharField(blank=True, choices=[('', 'none'), ('gather', 'gather'), ('destroy', 'destroy'), ('catch_up', 'catch up'), ('clean', 'clean'), ('ask', 'ask')], max_length=8)),
                ('is_held', models.BooleanField(default=False)),
                ('done', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField(default=0)),
                ('mark', models.BigIntegerField(default=0)),
                ('read_year', models.IntegerField(default=0)),
                ('read_index', models.BigIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('subjects', models.BigIntegerField(default=0)),
                ('blobs', models.BigIntegerField(default=0)),
                ('blob', models.CharField(blank=True, max_length=26)),
                ('executed_at', models.DateTimeField(null=True)),
                ('asked_at', models.DateTimeField(null=True)),
                ('copies_until', models.DateField(null=True)),
                ('copies_text', models.TextField(blank=True)),
                ('copies_by', models.CharField(blank=True, max_length=26)),
                ('verified_by', models.CharField(blank=True, max_length=26)),
                ('verified_at', models.DateTimeField(null=True)),
                ('evidence', models.JSONField(default=dict)),
            ],
            options={
                'db_table': 'ledger_disposal',
                'indexes': [models.Index(fields=['agency', 'proposed_at'], name='ledger_disposal_proposed'), models.Index(condition=models.Q(('state', 'executing'), ('chosen', None), _connector='OR'), fields=['agency'], name='ledger_disposal_work')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', congvu.base.handles.HandleField(default=congvu.base.handles.new, editable=False, max_length=26, unique=True)),
                ('agency', models.CharField(max_length=26)),
                ('kinds', models.JSONField(default=list)),
                ('begins_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('basis', models.CharField(max_length=300)),
                ('placed_by', models.CharField(max_length=26)),
                ('placed_at', models.DateTimeField()),
                ('reason', models.TextField(blank=True)),
                ('lifted_by', models.CharField(blank=True, max_length=26)),
                ('lifted_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'ledger_hold',
                'indexes': [models.Index(fields=['agency', 'lifted_at'], name='ledger_hold_standing')],
            },
        ),
        migrations.CreateModel(
            name='Log',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=26)),
                ('year', models.IntegerField()),
                ('origin', models.CharField(max_length=320)),
                ('size', models.BigIntegerField(default=0)),
                ('root', models.CharField(blank=True, max_length=44)),
                ('signed_size', models.BigIntegerField(default=0)),
                ('checkpoint', models.TextField(blank=True)),
                ('signed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'ledger_log',
                'constraints': [models.UniqueConstraint(fields=('agency', 'year'), name='ledger_log_year'), models.UniqueConstraint(fields=('agency', 'origin'), name='ledger_log_origin')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('entry', models.CharField(max_length=26, primary_key=True, serialize=False)),
                ('agency', models.CharField(max_length=26)),
                ('index', models.BigIntegerField()),
                ('log', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.log')),
            ],
            options={
                'db_table': 'ledger_entry',
            },
        ),
        migrations.CreateModel(
            name='OpenQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(max_length=320)),
                ('size', models.BigIntegerField()),
                ('note', models.TextField()),
                ('told_by', models.CharField(max_length=260)),
                ('asked_at', models.DateTimeField()),
                ('tried_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'ledger_open_question',
                'constraints': [models.UniqueConstraint(fields=('origin', 'size', 'told_by'), name='ledger_open_question_one')],
            },
        ),
        migrations.CreateModel(
            name='Outbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=26)),
                ('entry', models.CharField(max_length=26)),
                ('leaf', models.BinaryField()),
                ('transaction', models.BigIntegerField(db_default=congvu.ledger.models.CurrentTransaction())),
            ],
            options={
                'db_table': 'ledger_outbox',
                'indexes': [models.Index(condition=models.Q(('transaction__gt', 0)), fields=['transaction', 'id'], name='ledger_outbox_order')],
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=26)),
                ('reader', models.CharField(max_length=60)),
                ('year', models.IntegerField()),
                ('index', models.BigIntegerField()),
            ],
            options={
                'db_table': 'ledger_position',
                'constraints': [models.UniqueConstraint(fields=('agency', 'reader'), name='ledger_position_reader')],
            },
        ),
        migrations.CreateModel(
            name='WitnessedHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=26)),
                ('size', models.BigIntegerField()),
                ('note', models.TextField()),
                ('opened_at', models.DateTimeField()),
                ('is_enough', models.BooleanField(default=False)),
                ('log', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ledger.log')),
            ],
            options={
                'db_table': 'ledger_witnessed_head',
            },
        ),
        migrations.CreateModel(
            name='HeadCosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=26)),
                ('witness', models.CharField(max_length=270)),
                ('line', models.TextField()),
                ('said_at', models.DateTimeField()),
                ('head', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ledger.witnessedhead')),
            ],
            options={
                'db_table': 'ledger_head_cosignature',
            },
        ),
        migrations.CreateModel(
            name='WitnessState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=26)),
                ('witness', models.CharField(max_length=270)),
                ('size', models.BigIntegerField(default=0)),
                ('cosigned_at', models.DateTimeField(null=True)),
                ('asked_at', models.DateTimeField(null=True)),
                ('failures', models.IntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=40)),
                ('claimed', models.BigIntegerField(null=True)),
                ('log', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ledger.log')),
            ],
            options={
                'db_table': 'ledger_witness_state',
            },
        ),
        migrations.CreateModel(
            name='HolderAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=26)),
                ('holder', models.CharField(max_length=40)),
                ('traces', models.BigIntegerField()),
                ('places', models.JSONField(default=list)),
                ('disposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ledger.disposal')),
            ],
            options={
                'db_table': 'ledger_holder_answer',
                'constraints': [models.UniqueConstraint(fields=('agency', 'disposal', 'holder'), name='ledger_holder_answer_once')],
            },
        ),
        migrations.CreateModel(
            name='NeighborHead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('size', models.BigIntegerField()),
                ('root', models.CharField(max_length=44)),
                ('note', models.TextField()),
                ('cosigned_at', models.DateTimeField()),
                ('neighbor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ledger.neighbor')),
            ],
            options={
                'db_table': 'ledger_neighbor_head',
                'constraints': [models.UniqueConstraint(fields=('neighbor', 'size'), name='ledger_neighbor_head_size')],
            },
        ),
        migrations.CreateModel(
            name='TimeStamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agency', models.CharField(max_length=26)),
                ('size', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField(db_index=True)),
                ('digest', models.CharField(max_length=6)),
                ('stamps', models.IntegerField()),
                ('log', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.log')),
            ],
            options={
                'db_table': 'ledger_time_stamp',
                'constraints': [models.UniqueConstraint(fields=('agency', 'log', 'size'), name='ledger_time_stamp_size')],
            },
        ),
        migrations.AddConstraint(
            model_name='witnessedhead',
            constraint=models.UniqueConstraint(fields=('agency', 'log', 'size'), name='ledger_witnessed_head_size'),
        ),
        migrations.AddConstraint(
            model_name='headcosignature',
            constraint=models.UniqueConstraint(fields=('agency', 'head', 'witness'), name='ledger_head_cosignature_one'),
        ),
        migrations.AddConstraint(
            model_name='witnessstate',
            constraint=models.UniqueConstraint(fields=('agency', 'log', 'witness'), name='ledger_witness_state_one'),
        ),
    ]
