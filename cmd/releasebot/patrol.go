package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"releasebot/bot/store"
	"releasebot/bot/telegram"
)

// patrolEvery is how often trouble is looked for.
const patrolEvery = time.Minute

// patrol looks for trouble that nobody else would notice, and tells the administrators.
func (v *service) patrol(ctx context.Context) {
	a := newAlarm(func(ctx context.Context, text string) {
		v.log.Warn("telling the administrators", "trouble", text)
		v.tell(ctx, text)
	})
	every(ctx, patrolEvery, func() {
		for kind, wrong := range v.look(ctx) {
			v.metrics.troubled(kind, wrong != "")
			if v.leading.Load() {
				a.report(ctx, kind, wrong, time.Now())
			}
		}
	})
}

// look is what is wrong now, by kind of trouble; "" for what is not. What cannot be looked at is left out.
func (v *service) look(ctx context.Context) map[string]string {
	seen := map[string]string{"disk": diskTrouble(v.settings), "certificate": v.certificate.trouble(time.Now())}
	ctx, cancel := context.WithTimeout(ctx, patrolEvery/2)
	defer cancel()
	if failing, err := v.db.Failing(ctx); err == nil {
		seen["deliveries"] = deliveryTrouble(failing)
	}
	if owed, err := v.db.Backlog(ctx); err == nil {
		v.metrics.backlog.Set(float64(owed))
	}
	info, err := v.client.WebhookInfo(ctx)
	if err != nil {
		return seen
	}
	v.metrics.waiting.Set(float64(info.Pending))
	seen["webhook"], seen["second bot"] = webhookTrouble(v.settings.webhookURL, info, time.Now()), ""
	if seen["webhook"] == "" && v.pulse.conflict.Load() {
		seen["second bot"] = "Somebody else fetches this bot's updates: another copy of it runs with the same token. End one of them."
	}
	return seen
}

// recent is how old an error of the webhook's may be to count as trouble.
const recent = 5 * time.Minute

// webhookTrouble is what is wrong with a webhook that should be at address, or with there being one where address is empty.
func webhookTrouble(address string, info telegram.WebhookInfo, now time.Time) string {
	switch {
	case address == "" && info.URL != "":
		return "Somebody has set a webhook for this bot, and so it gets no updates. Restart it to remove the webhook, once nobody sets it again."
	case info.URL != address:
		return "The webhook at Telegram is not WEBHOOK_URL any more, and so the bot gets no updates. Restart it to set it again."
	case address != "" && info.Error != "" && now.Sub(info.FailedAt) < recent:
		return fmt.Sprintf("Telegram cannot reach the webhook: %s. Updates that wait: %d.", info.Error, info.Pending)
	}
	return ""
}

// deliveryTrouble is what is wrong where messages to subscribers are tried again and again.
func deliveryTrouble(failing []store.Failure) string {
	if len(failing) == 0 {
		return ""
	}
	all := 0
	for _, f := range failing {
		all += f.Count
	}
	return fmt.Sprintf("%s to subscribers cannot be sent: %s. I go on trying.", count(all, "message"), failing[0].Reason)
}

// leastFree is the space that a database should find on its disk, in bytes.
const leastFree = 500 << 20

// diskTrouble is what is wrong with the disk that holds the database, if it is a file.
func diskTrouble(s settings) string {
	path, isFile := s.databaseFile()
	if !isFile {
		return ""
	}
	free, err := diskFree(filepath.Dir(path))
	switch {
	case err != nil:
		return "The folder of the database cannot be looked at: " + err.Error()
	case free < leastFree:
		return fmt.Sprintf("The disk of the database is nearly full: %d MB are free. Make room, or the bot forgets what it has answered.", free>>20)
	}
	return ""
}
