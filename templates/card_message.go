package templates

import (
	"strings"

	"github.com/chatlane/chatlane/kanban"
)

// channels are the icons and names of Chatwoot's channel types (CONTRACT 4).
var channels = map[string]ChannelView{
	"Channel::Whatsapp":       {"whatsapp", "#i-whatsapp", "WhatsApp"},
	"Channel::WebWidget":      {"web", "#i-globe", "Web"},
	"Channel::Email":          {"email", "#i-mail", "E-mail"},
	"Channel::Api":            {"api", "#i-braces", "API"},
	"Channel::FacebookPage":   {"facebook", "#i-facebook", "Facebook"},
	"Channel::Instagram":      {"instagram", "#i-instagram", "Instagram"},
	"Channel::Line":           {"line", "#i-message", "LINE"},
	"Channel::Sms":            {"sms", "#i-phone", "SMS"},
	"Channel::TwilioSms":      {"sms", "#i-phone", "SMS"},
	"Channel::Telegram":       {"telegram", "#i-telegram", "Telegram"},
	"Channel::Tiktok":         {"tiktok", "#i-video", "TikTok"},
	"Channel::TwitterProfile": {"x", "#i-at", "X"},
}

func (d *deck) channel(c kanban.Conversation) ChannelView {
	at := channelOf{c.Channel, c.InboxID}
	v, ok := d.channels[at]
	if !ok {
		v = d.newChannel(c)
		d.channels[at] = v
	}
	return v
}

// channelOf is what a channel's words follow from.
type channelOf struct {
	channel string
	inbox   kanban.InboxID
}

func (d *deck) newChannel(c kanban.Conversation) ChannelView {
	v, ok := channels[c.Channel]
	if !ok {
		v = ChannelView{Kind: "other", Icon: "#i-message", Name: strings.TrimPrefix(c.Channel, "Channel::")}
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
		v.Icon, v.Who = "#i-reply", sender
	case kanban.MessageTemplate:
		v.Icon, v.Who = "#i-reply", d.words.Template
	case kanban.MessageNote:
		v.Icon, v.Who = "#i-lock", sender
		if v.Who == "" {
			v.Who = d.words.Note
		}
	}
	return v
}

func (d *deck) attachment(kind string) (icon, text string) {
	switch kind {
	case "image":
		return "#i-image", d.loc.T("attachment.image")
	case "audio":
		return "#i-mic", d.loc.T("attachment.audio")
	case "video":
		return "#i-video", d.loc.T("attachment.video")
	case "location":
		return "#i-pin", d.loc.T("attachment.location")
	}
	return "#i-clip", d.loc.T("attachment.file")
}
