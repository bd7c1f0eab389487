package templates

import (
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// channels are the icons and names of Chatwoot's channel types (CONTRACT 4).
var channels = map[string]ChannelView{
	"Channel::Whatsapp":       {"whatsapp", "WhatsApp"},
	"Channel::WebWidget":      {"globe", "Web"},
	"Channel::Email":          {"mail", "E-mail"},
	"Channel::Api":            {"braces", "API"},
	"Channel::FacebookPage":   {"facebook", "Facebook"},
	"Channel::Instagram":      {"instagram", "Instagram"},
	"Channel::Line":           {"message", "LINE"},
	"Channel::Sms":            {"phone", "SMS"},
	"Channel::TwilioSms":      {"phone", "SMS"},
	"Channel::Telegram":       {"telegram", "Telegram"},
	"Channel::Tiktok":         {"video", "TikTok"},
	"Channel::TwitterProfile": {"at", "X"},
}

func (d *deck) channel(c kanban.Conversation) ChannelView {
	v, ok := channels[c.Channel]
	if !ok {
		v = ChannelView{Icon: "message", Name: strings.TrimPrefix(c.Channel, "Channel::")}
	}
	if name := d.inbox[c.InboxID]; name != "" && name != v.Name {
		v.Name = strings.TrimPrefix(v.Name+" · "+oneLine(name, nameLimit), " · ")
	}
	return v
}

func (d *deck) message(c kanban.Conversation) MessageView {
	m := c.LastMessage
	v := MessageView{Kind: string(m.Kind), Text: oneLine(m.Text, messageLimit)}
	if v.Text == "" && m.Attachment != "" {
		v.Icon, v.Text = d.attachment(m.Attachment)
	}
	if m.Kind == kanban.MessageNone || v.Text == "" {
		return MessageView{Text: d.loc.T("card.no_message"), Kind: "none"}
	}
	sender, _, _ := strings.Cut(oneLine(m.Sender, nameLimit), " ")
	switch m.Kind {
	case kanban.MessageOutgoing:
		v.Icon, v.Who = "reply", sender
	case kanban.MessageTemplate:
		v.Icon, v.Who = "reply", d.words.Template
	case kanban.MessageNote:
		v.Icon, v.Who = "lock", sender
		if v.Who == "" {
			v.Who = d.words.Note
		}
	}
	return v
}

func (d *deck) attachment(kind string) (icon, text string) {
	switch kind {
	case "image":
		return "image", d.loc.T("attachment.image")
	case "audio":
		return "mic", d.loc.T("attachment.audio")
	case "video":
		return "video", d.loc.T("attachment.video")
	case "location":
		return "pin", d.loc.T("attachment.location")
	}
	return "clip", d.loc.T("attachment.file")
}
