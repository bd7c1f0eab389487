package chatwoottest

// tongue is a language the business' customers speak, with invented people.
type tongue struct {
	first, last, cities, domains []string
	products                     []string
	money                        string // how a price is written
	dialogues                    [][]string
	goodbyes                     []string // said when it is won
	regrets                      []string // said when it is lost
	nextSteps                    []string
}

// In a dialogue a line that begins with "< " is the customer's, "> " the
// agent's, "# " a private note. {p} is the product, {v} its price, {n} the
// customer's first name, {c} the city.
var tongues = []tongue{
	{
		first:    []string{"Marina", "João", "Beatriz", "Carlos", "Daniela", "Eduardo", "Flávia", "Gilberto", "Helena", "Igor", "Juliana", "Luciano", "Mônica", "Nelson", "Otávia", "Paulo", "Renata", "Sérgio", "Tatiana", "Vinícius", "Yara", "Caio", "Lívia", "Rafael", "Sônia", "Thiago", "Camila", "Ângela"},
		last:     []string{"Alves", "Lima", "Rocha", "Nunes", "Melo", "Castro", "Torres", "Matos", "Souza", "Barbosa", "Cardoso", "Duarte", "Esteves", "Figueiredo", "Gonçalves", "Medeiros", "Peixoto", "Queiroz", "Teixeira", "Vasconcelos", "da Silva", "dos Santos"},
		cities:   []string{"Recife", "São Paulo", "Curitiba", "Belo Horizonte", "Salvador", "Campinas", "Fortaleza"},
		domains:  []string{"correio.example", "lar.example", "arquitetura.example"},
		products: []string{"sofá Aurora de 3 lugares", "mesa de jantar Ipê", "cama box queen", "guarda-roupa de 6 portas", "estante Vila", "poltrona Serena", "cozinha planejada", "rack para TV"},
		money:    "R$ %s",
		dialogues: [][]string{
			{"< Oi, boa tarde! Vi {p} no Instagram, ainda tem?", "> Boa tarde, {n}! Temos sim, pronta entrega. Para qual cidade seria?", "< {c}. Quanto fica com o frete?", "> Para {c} fica {v}, com frete e montagem inclusos.", "# Pediu desconto à vista, posso chegar a 5 %", "< À vista tem desconto?", "> No Pix consigo 5 %. Posso mandar a proposta por aqui?", "< Pode sim, por favor"},
			{"< Olá, vocês fazem sob medida?", "> Olá, {n}! Fazemos, sim. Qual móvel você procura?", "< Preciso de {p}, o espaço tem 2,80 m", "> Perfeito. Consegue me mandar uma foto do ambiente?", "< Mando hoje à noite", "> Combinado! Com a foto preparo o orçamento.", "< Foto enviada no e-mail", "> Recebi. O orçamento ficou em {v}, prazo de 30 dias."},
			{"< Bom dia, queria um orçamento de {p}", "> Bom dia, {n}! É para casa ou empresa?", "< Para o meu escritório em {c}", "> Certo. São quantas unidades?", "< Quatro no total", "> Quatro unidades saem por {v}. Emitimos nota fiscal.", "< Vou ver com meu sócio e te falo", "# Ligar na quinta, o sócio decide"},
			{"< A entrega é rápida? Mudo dia 15", "> Oi, {n}! Para {c} entregamos em até 10 dias úteis.", "< Ótimo. Quero {p} então", "> Separei para você. Total de {v}. Prefere Pix ou cartão?", "< Cartão em 10x", "> Sem juros em até 10x. Mando o link de pagamento?"},
			{"< Boa noite! Sou arquiteta e tenho um projeto em {c}", "> Boa noite, {n}! Que bom. Temos condições para parceiros.", "< O cliente escolheu {p}", "> Para parceiros fica {v}. Quer amostras dos tecidos?", "< Quero! Linho e veludo", "> Envio as amostras amanhã por transportadora.", "< Chegaram, ficaram lindas"},
			{"< Comprei {p} e veio com um arranhão", "> Sentimos muito, {n}! Pode mandar uma foto?", "< Segue a foto", "> Obrigado. Vamos trocar a peça sem custo. Qual o melhor dia?", "< Sexta de manhã", "> Agendado para sexta, entre 8h e 12h."},
			{"< Qual a diferença entre os dois modelos do site?", "> Oi, {n}! Muda a densidade da espuma e o tecido.", "< Tenho cachorro, qual aguenta mais?", "> O suede impermeável. Nessa versão, {p} sai por {v}.", "< Gostei. Tem cor cinza?"},
			{"< Vocês têm loja física em {c}?", "> Temos showroom, de segunda a sábado, das 9h às 18h.", "< Quero conhecer {p} no sábado", "> Perfeito, {n}! Reservo um horário às 10h?", "< 10h está ótimo"},
		},
		goodbyes:  []string{"Fechado! Pode mandar.", "Pagamento feito, segue o comprovante", "Pode fechar o pedido, obrigada!"},
		regrets:   []string{"Achei caro, vou deixar para depois", "Acabei comprando em outra loja, obrigado", "O prazo não me atende"},
		nextSteps: []string{"Ligar para confirmar medidas", "Enviar proposta revisada", "Mandar amostras de tecido", "Cobrar resposta do sócio", "Agendar visita ao showroom"},
	},
	{
		first:    []string{"Lucía", "Javier", "Carmen", "Álvaro", "Elena", "Sergio", "Paula", "Iker", "Nuria", "Rubén", "Alba", "Óscar"},
		last:     []string{"García", "Fernández", "Martín", "Ruiz", "Navarro", "Iglesias", "Castillo", "Vega", "Ortega", "Molina"},
		cities:   []string{"Sevilla", "Madrid", "Valencia", "Vigo", "Zaragoza"},
		domains:  []string{"correo.example", "hogar.example"},
		products: []string{"el sofá Aurora", "la mesa de comedor Ipê", "la butaca Serena", "la estantería Vila"},
		money:    "%s €",
		dialogues: [][]string{
			{"< Hola, ¿hacéis envíos a España?", "> ¡Hola, {n}! Sí, enviamos a {c} en unas tres semanas.", "< Me interesa {p}, ¿qué precio tiene?", "> Con transporte e impuestos son {v}.", "< ¿Y la garantía?", "> Dos años. ¿Te preparo un presupuesto?", "< Sí, por favor"},
			{"< Buenas, busco {p} para un apartamento turístico", "> ¡Buenas, {n}! ¿Cuántas unidades necesitas?", "< Tres, y entrega en {c}", "> Las tres quedan en {v}. Podemos apartarlas esta semana.", "< Lo consulto y te digo", "# Volver a escribir el lunes"},
			{"< ¿Tenéis muestras de la tela?", "> Claro, {n}. Te las enviamos gratis a {c}.", "< Genial, la verde y la arena", "> Salen mañana. {p} en esas telas cuesta {v}."},
			{"< Mi pedido llega mañana, ¿puedo cambiar la hora?", "> Hola, {n}. Sí, ¿te viene bien por la tarde?", "< A partir de las 17 h", "> Hecho, de 17 a 20 h."},
		},
		goodbyes:  []string{"Perfecto, adelante con el pedido", "Transferencia hecha, gracias"},
		regrets:   []string{"Se me va de presupuesto, gracias", "Al final lo compré aquí"},
		nextSteps: []string{"Enviar presupuesto", "Escribir el lunes", "Confirmar aduana"},
	},
	{
		first:    []string{"Emma", "Noah", "Olivia", "Liam", "Grace", "Ethan", "Chloe", "Owen", "Ruby", "Henry"},
		last:     []string{"Walker", "Bennett", "Foster", "Hayes", "Coleman", "Parker", "Reed", "Sullivan"},
		cities:   []string{"Miami", "Boston", "Austin", "Denver"},
		domains:  []string{"mail.example", "studio.example"},
		products: []string{"the Aurora sofa", "the Ipê dining table", "the Serena armchair", "the Vila bookcase"},
		money:    "$%s",
		dialogues: [][]string{
			{"< Hi! Do you ship to the US?", "> Hi {n}! We do, {c} takes about four weeks.", "< How much is {p}?", "> {v} delivered, assembly not included.", "< Is the wood certified?", "> Yes, all of it is FSC certified. Shall I send a quote?", "< Please do"},
			{"< Hello, I'm furnishing a small hotel in {c}", "> Hello {n}, sounds great! Which pieces do you have in mind?", "< {p}, twelve of them", "> For twelve we can do {v}.", "< Could you hold that price until Friday?", "> Of course, it is noted.", "# Ask Diego whether we can add free shipping"},
			{"< My order arrived, but one leg is missing", "> I'm sorry, {n}! We'll send it today.", "< Thanks for the quick answer"},
		},
		goodbyes:  []string{"Great, let's go ahead", "Paid, thank you!"},
		regrets:   []string{"It's over our budget, sorry", "We went with a local shop"},
		nextSteps: []string{"Send revised quote", "Confirm shipping date", "Call on Friday"},
	},
}
