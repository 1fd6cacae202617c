"""Initial tables."""


import congvu.base.handles
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='LogPosition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('path', models.CharField(max_length=500, unique=True)),
                ('inode', models.BigIntegerField(default=0)),
                ('offset', models.BigIntegerField(default=0)),
                ('head', models.CharField(blank=True, max_length=64)),
                ('state', models.JSONField(default=dict)),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'mail_log_position',
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', congvu.base.handles.HandleField(default=congvu.base.handles.new, editable=False, max_length=26, unique=True)),
                ('to', models.TextField(blank=True)),
                ('cc', models.TextField(blank=True)),
                ('subject', models.TextField(blank=True)),
                ('body', models.TextField(blank=True)),
                ('communication', models.CharField(blank=True, choices=[('work_schedule', 'work schedule'), ('meeting_papers', 'meeting papers'), ('working_papers', 'working papers'), ('report', 'report'), ('invitation', 'invitation'), ('official_letter', 'official letter'), ('direction', 'direction'), ('other', 'other')], max_length=20)),
                ('saved_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.agency')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
            ],
            options={
                'db_table': 'mail_draft',
            },
        ),
        migrations.CreateModel(
            name='DraftFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', congvu.base.handles.HandleField(default=congvu.base.handles.new, editable=False, max_length=26, unique=True)),
                ('blob', models.CharField(max_length=26)),
                ('digest', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=255)),
                ('content_type', models.CharField(max_length=127)),
                ('size', models.BigIntegerField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.agency')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='mail.draft')),
            ],
            options={
                'db_table': 'mail_draft_file',
            },
        ),
        migrations.CreateModel(
            name='Mailbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', congvu.base.handles.HandleField(default=congvu.base.handles.new, editable=False, max_length=26, unique=True)),
                ('kind', models.CharField(choices=[('personal', 'personal'), ('unit', 'unit'), ('agency', 'agency'), ('hand_over', 'hand-over')], default='personal', max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.address')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.agency')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.unit')),
            ],
            options={
                'db_table': 'mail_mailbox',
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', congvu.base.handles.HandleField(default=congvu.base.handles.new, editable=False, max_length=26, unique=True)),
                ('folder', models.CharField(choices=[('inbox', 'inbox'), ('sent', 'sent'), ('filed', 'filed')], default='inbox', max_length=6)),
                ('thread', models.CharField(max_length=26)),
                ('arrived_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('acknowledged_by', models.CharField(blank=True, max_length=5)),
                ('filed_under', models.CharField(blank=True, max_length=80)),
                ('owes_acknowledgement', models.BooleanField(default=False)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.agency')),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.mailbox')),
            ],
            options={
                'db_table': 'mail_item',
            },
        ),
        migrations.CreateModel(
            name='ImapCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('folder', models.CharField(max_length=255)),
                ('uid', models.BigIntegerField()),
                ('session', models.CharField(max_length=120)),
                ('message_id', models.CharField(blank=True, max_length=998)),
                ('size', models.BigIntegerField()),
                ('saved_at', models.DateTimeField()),
                ('fetched_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.agency')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.item')),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.mailbox')),
            ],
            options={
                'db_table': 'mail_imap_copy',
            },
        ),
        migrations.AddField(
            model_name='draft',
            name='mailbox',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.mailbox'),
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minute', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.agency')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.mailbox')),
            ],
            options={
                'db_table': 'mail_check',
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', congvu.base.handles.HandleField(default=congvu.base.handles.new, editable=False, max_length=26, unique=True)),
                ('blob', models.CharField(max_length=26)),
                ('digest', models.CharField(max_length=64)),
                ('size', models.BigIntegerField()),
                ('thread', models.CharField(max_length=26)),
                ('message_id', models.CharField(blank=True, max_length=998)),
                ('subject', models.TextField(blank=True)),
                ('sender_name', models.TextField(blank=True)),
                ('sender_address', models.CharField(blank=True, max_length=320)),
                ('reply_address', models.CharField(blank=True, max_length=320)),
                ('recipients', models.JSONField(default=list)),
                ('snippet', models.CharField(blank=True, max_length=200)),
                ('attachments', models.IntegerField(default=0)),
                ('communication', models.CharField(choices=[('work_schedule', 'work schedule'), ('meeting_papers', 'meeting papers'), ('working_papers', 'working papers'), ('report', 'report'), ('invitation', 'invitation'), ('official_letter', 'official letter'), ('direction', 'direction'), ('other', 'other')], default='other', max_length=20)),
                ('channel', models.CharField(max_length=12)),
                ('automatic', models.BooleanField(default=False)),
                ('sent_at', models.DateTimeField(null=True)),
                ('accepted_at', models.DateTimeField()),
                ('recalled_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.agency')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.person')),
                ('sender', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.mailbox')),
            ],
            options={
                'db_table': 'mail_message',
            },
        ),
        migrations.AddField(
            model_name='item',
            name='message',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.message'),
        ),
        migrations.CreateModel(
            name='Handing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', congvu.base.handles.HandleField(default=congvu.base.handles.new, editable=False, max_length=26, unique=True)),
                ('recipient', models.CharField(max_length=320)),
                ('came', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('open', 'open'), ('parked', 'parked'), ('delivered', 'delivered'), ('failed', 'failed')], default='open', max_length=10)),
                ('life', models.CharField(blank=True, max_length=26)),
                ('asked_at', models.DateTimeField()),
                ('intended_at', models.DateTimeField()),
                ('session', models.CharField(blank=True, max_length=120)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('answer', models.TextField(blank=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.agency')),
                ('mailbox', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.mailbox')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.message')),
            ],
            options={
                'db_table': 'mail_handing',
            },
        ),
        migrations.AddField(
            model_name='draft',
            name='answers',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.message'),
        ),
        migrations.AddField(
            model_name='draft',
            name='forwards',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.message'),
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', congvu.base.handles.HandleField(default=congvu.base.handles.new, editable=False, max_length=26, unique=True)),
                ('step', models.CharField(choices=[('accepted', 'accepted'), ('delivered', 'delivered'), ('relayed', 'handed to the other server'), ('parked', 'waits for the mail server'), ('fetched', 'fetched by a mail program'), ('opened', 'opened'), ('acknowledged', 'acknowledged'), ('failed', 'not delivered'), ('recalled', 'recalled'), ('imported', 'imported'), ('inspected', 'read by an administrator')], max_length=12)),
                ('recipient', models.CharField(blank=True, max_length=320)),
                ('at', models.DateTimeField()),
                ('entry', models.CharField(max_length=26)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.agency')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.message')),
            ],
            options={
                'db_table': 'mail_receipt',
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', congvu.base.handles.HandleField(default=congvu.base.handles.new, editable=False, max_length=26, unique=True)),
                ('recipient', models.CharField(max_length=320)),
                ('state', models.CharField(choices=[('delivered', 'delivered'), ('queued', 'queued'), ('relayed', 'relayed'), ('failed', 'failed')], default='queued', max_length=10)),
                ('attempts', models.IntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('answer', models.TextField(blank=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.agency')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mail.message')),
            ],
            options={
                'db_table': 'mail_transfer',
            },
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'hand_over'), _negated=True), fields=('agency', 'address', 'kind'), name='mail_mailbox_address'),
        ),
        migrations.AddConstraint(
            model_name='mailbox',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'hand_over')), fields=('agency', 'address', 'unit'), name='mail_mailbox_hand_over'),
        ),
        migrations.AddIndex(
            model_name='imapcopy',
            index=models.Index(fields=['session'], name='mail_imap_copy_session'),
        ),
        migrations.AddIndex(
            model_name='imapcopy',
            index=models.Index(fields=['mailbox', 'message_id'], name='mail_imap_copy_id'),
        ),
        migrations.AddConstraint(
            model_name='imapcopy',
            constraint=models.UniqueConstraint(fields=('agency', 'mailbox', 'folder', 'uid'), name='mail_imap_copy_uid'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.UniqueConstraint(fields=('agency', 'mailbox', 'person'), name='mail_check_person'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['agency', 'message_id'], name='mail_message_id'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['mailbox', 'folder', '-arrived_at', '-id'], name='mail_item_folder'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['agency', 'thread'], name='mail_item_thread'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(condition=models.Q(('folder', 'sent'), _negated=True), fields=('agency', 'mailbox', 'message'), name='mail_item_once'),
        ),
        migrations.AddIndex(
            model_name='handing',
            index=models.Index(fields=['came'], name='mail_handing_came'),
        ),
        migrations.AddIndex(
            model_name='handing',
            index=models.Index(fields=['state', 'asked_at'], name='mail_handing_state'),
        ),
        migrations.AddIndex(
            model_name='handing',
            index=models.Index(fields=['session'], name='mail_handing_session'),
        ),
        migrations.AddConstraint(
            model_name='handing',
            constraint=models.UniqueConstraint(fields=('agency', 'came', 'recipient'), name='mail_handing_recipient'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(fields=['mailbox', 'author', '-saved_at'], name='mail_draft_author'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(fields=['agency', 'message', 'at'], name='mail_receipt_message'),
        ),
        migrations.AddIndex(
            model_name='transfer',
            index=models.Index(fields=['state', 'next_at'], name='mail_transfer_queue'),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(fields=('agency', 'message', 'recipient'), name='mail_transfer_recipient'),
        ),
    ]
