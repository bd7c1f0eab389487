package chatwoot

import (
	"context"
	"net/url"
	"strconv"
)

// AttributeModel says what a custom attribute belongs to.
type AttributeModel int

// The models of custom attributes.
const (
	ConversationAttribute AttributeModel = 0
	ContactAttribute      AttributeModel = 1
)

// AttributeType is the type of a custom attribute, as Chatwoot names it in answers.
type AttributeType string

// The types of custom attributes.
const (
	AttributeText     AttributeType = "text"
	AttributeNumber   AttributeType = "number"
	AttributeCurrency AttributeType = "currency"
	AttributePercent  AttributeType = "percent"
	AttributeLink     AttributeType = "link"
	AttributeDate     AttributeType = "date"
	AttributeList     AttributeType = "list"
	AttributeCheckbox AttributeType = "checkbox"
)

// attributeTypes are in the order of the numbers that requests use.
var attributeTypes = []AttributeType{
	AttributeText, AttributeNumber, AttributeCurrency, AttributePercent, AttributeLink, AttributeDate, AttributeList, AttributeCheckbox,
}

// AttributeDefinition describes a custom attribute (CONTRACT 10).
type AttributeDefinition struct {
	ID          int64
	Key         string
	Name        string
	Description string
	Type        AttributeType
	Model       AttributeModel
	Values      []string // of a list
	Pattern     string   // a regular expression in Ruby's dialect that a text has to match
	Cue         string   // says so to people
}

func (d AttributeDefinition) usable() bool { return d.ID > 0 && d.Key != "" }

// UnmarshalJSON forgives wrong types, and fails on broken JSON only.
func (d *AttributeDefinition) UnmarshalJSON(b []byte) error {
	var w struct {
		ID          int64         `json:"id"`
		Key         string        `json:"attribute_key"`
		Name        string        `json:"attribute_display_name"`
		Description string        `json:"attribute_description"`
		Type        AttributeType `json:"attribute_display_type"`
		Model       string        `json:"attribute_model"`
		Values      titles        `json:"attribute_values"`
		Pattern     string        `json:"regex_pattern"`
		Cue         string        `json:"regex_cue"`
	}
	if err := unmarshal(b, &w); err != nil {
		return err
	}
	*d = AttributeDefinition{ID: w.ID, Key: w.Key, Name: w.Name, Description: w.Description, Type: w.Type, Values: w.Values, Pattern: w.Pattern, Cue: w.Cue}
	if w.Model == "contact_attribute" {
		d.Model = ContactAttribute
	}
	return nil
}

// CustomAttributeDefinitions returns the custom attributes of conversations or contacts: GET …/custom_attribute_definitions.
func (c *Client) CustomAttributeDefinitions(ctx context.Context, model AttributeModel) ([]AttributeDefinition, error) {
	q := url.Values{"attribute_model": {strconv.Itoa(int(model))}}
	return entries[AttributeDefinition](ctx, c.get(q, "custom_attribute_definitions").large())
}

// CreateCustomAttributeDefinition creates a custom attribute: POST …/custom_attribute_definitions. A key that is taken is KindInvalid.
func (c *Client) CreateCustomAttributeDefinition(ctx context.Context, d AttributeDefinition) (AttributeDefinition, error) {
	body := map[string]any{
		"attribute_display_name": d.Name,
		"attribute_key":          d.Key,
		"attribute_display_type": d.Type.number(),
		"attribute_model":        int(d.Model),
		"attribute_description":  firstText(d.Description, d.Name), // Chatwoot's form requires one
		"attribute_values":       append([]string{}, d.Values...),
	}
	return entry[AttributeDefinition](ctx, c.post(body, "custom_attribute_definitions"))
}

func (t AttributeType) number() int {
	for i, known := range attributeTypes {
		if known == t {
			return i
		}
	}
	return 0
}
